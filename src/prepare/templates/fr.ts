export const FR = `---
subject: "{% if notice.moment == 'before' %}Votre connexion change à partir du {{ switch.date }}{% elsif notice.moment == 'on' %}Votre connexion est désormais protégée par une seconde étape{% else %}Votre nouvelle connexion fonctionne-t-elle ?{% endif %}"
---
Bonjour {{ person.name }},

{% if notice.moment == 'before' -%}
à partir du **{{ switch.date }}**, la connexion à votre compte **{{ person.upn }}** demandera une seconde étape en plus du mot de passe (authentification multifacteur). Ce jour-là, ce ne sera pas avant {{ switch.time }}.
{%- elsif notice.moment == 'on' -%}
la connexion à votre compte **{{ person.upn }}** demande désormais une seconde étape en plus du mot de passe (authentification multifacteur).
{%- else -%}
depuis le {{ switch.date }}, la connexion à votre compte **{{ person.upn }}** demande une seconde étape en plus du mot de passe (authentification multifacteur). Si vous vous êtes connecté depuis, il n’y a plus rien à faire.
{%- endif %}

{% if strength == 'mfa' -%}
La seconde étape est celle que vous avez enregistrée : une application, une clé de sécurité, un jeton matériel ou votre téléphone.
{%- elsif strength == 'passwordless' -%}
La connexion se fait sans mot de passe : par l’application Authenticator, une clé d’accès, une clé de sécurité ou Windows Hello.
{%- else -%}
La connexion se fait par une clé d’accès, une clé de sécurité ou Windows Hello.
{%- endif %} Il se peut que vous deviez vous reconnecter sur votre téléphone et dans votre messagerie.

{% if notice.moment == 'before' %}Si ce jour ne vous convient pas, demandez un report avant cette date : {{ contact }}. Il n’y a rien à cliquer dans ce message.{% else %}Si vous ne pouvez pas vous connecter, demandez de l’aide : {{ contact }}. Il n’y a rien à cliquer dans ce message.{% endif %}
`
