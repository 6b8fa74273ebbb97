export const DE = `---
subject: "{% if notice.moment == 'before' %}Ihre Anmeldung ändert sich ab {{ switch.date }}{% elsif notice.moment == 'on' %}Ihre Anmeldung ist jetzt durch einen zweiten Schritt geschützt{% else %}Funktioniert Ihre neue Anmeldung?{% endif %}"
---
Guten Tag {{ person.name }},

{% if notice.moment == 'before' -%}
ab **{{ switch.date }}** fragt die Anmeldung an Ihrem Konto **{{ person.upn }}** neben dem Kennwort nach einem zweiten Schritt (Multi-Faktor-Authentifizierung). An diesem Tag geschieht es nicht vor {{ switch.time }} Uhr.
{%- elsif notice.moment == 'on' -%}
die Anmeldung an Ihrem Konto **{{ person.upn }}** fragt jetzt neben dem Kennwort nach einem zweiten Schritt (Multi-Faktor-Authentifizierung).
{%- else -%}
seit {{ switch.date }} fragt die Anmeldung an Ihrem Konto **{{ person.upn }}** neben dem Kennwort nach einem zweiten Schritt (Multi-Faktor-Authentifizierung). Wenn Sie sich seitdem angemeldet haben, ist nichts weiter zu tun.
{%- endif %}

{% if strength == 'mfa' -%}
Der zweite Schritt ist der, den Sie hinterlegt haben: eine App, ein Sicherheitsschlüssel, ein Hardware-Token oder Ihr Telefon.
{%- elsif strength == 'passwordless' -%}
Die Anmeldung geht ohne Kennwort: mit der Authenticator-App, einem Passkey, einem Sicherheitsschlüssel oder Windows Hello.
{%- else -%}
Die Anmeldung geht mit einem Passkey, einem Sicherheitsschlüssel oder Windows Hello.
{%- endif %} Möglicherweise müssen Sie sich am Telefon und im Mailprogramm neu anmelden.

{% if notice.moment == 'before' %}Passt Ihnen der Tag nicht, bitten Sie vorher um Aufschub: {{ contact }}. In dieser Mail muss nichts angeklickt werden.{% else %}Wenn Sie sich nicht anmelden können, bitten Sie um Hilfe: {{ contact }}. In dieser Mail muss nichts angeklickt werden.{% endif %}
`
