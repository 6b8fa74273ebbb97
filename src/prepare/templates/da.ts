export const DA = `---
subject: "{% if notice.moment == 'before' %}Dit login ændres fra {{ switch.date }}{% elsif notice.moment == 'on' %}Dit login er nu beskyttet af et ekstra trin{% else %}Virker dit nye login?{% endif %}"
---
Hej {{ person.name }},

{% if notice.moment == 'before' -%}
fra **{{ switch.date }}** beder login til din konto **{{ person.upn }}** om et ekstra trin ud over adgangskoden (multifaktorgodkendelse). Den dag sker det ikke før kl. {{ switch.time }}.
{%- elsif notice.moment == 'on' -%}
login til din konto **{{ person.upn }}** beder nu om et ekstra trin ud over adgangskoden (multifaktorgodkendelse).
{%- else -%}
siden {{ switch.date }} beder login til din konto **{{ person.upn }}** om et ekstra trin ud over adgangskoden (multifaktorgodkendelse). Har du logget ind siden, skal du ikke gøre mere.
{%- endif %}

{% if strength == 'mfa' -%}
Det ekstra trin er det, du har registreret: en app, en sikkerhedsnøgle, et hardwaretoken eller din telefon.
{%- elsif strength == 'passwordless' -%}
Login foregår uden adgangskode: med Authenticator-appen, en adgangsnøgle, en sikkerhedsnøgle eller Windows Hello.
{%- else -%}
Login foregår med en adgangsnøgle, en sikkerhedsnøgle eller Windows Hello.
{%- endif %} Du skal måske logge ind igen på telefonen og i dit mailprogram.

{% if notice.moment == 'before' %}Passer dagen dig dårligt, så bed om udsættelse inden: {{ contact }}. Der skal ikke klikkes på noget i denne mail.{% else %}Kan du ikke logge ind, så bed om hjælp: {{ contact }}. Der skal ikke klikkes på noget i denne mail.{% endif %}
`
