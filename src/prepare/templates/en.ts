export const EN = `---
subject: "{% if notice.moment == 'before' %}Your sign-in changes from {{ switch.date }}{% elsif notice.moment == 'on' %}Your sign-in is now protected by a second step{% else %}Is your new sign-in working?{% endif %}"
---
Hello {{ person.name }},

{% if notice.moment == 'before' -%}
from **{{ switch.date }}** on, signing in to your account **{{ person.upn }}** asks for a second step beside your password (multi-factor authentication). It will not happen before {{ switch.time }} on that day.
{%- elsif notice.moment == 'on' -%}
signing in to your account **{{ person.upn }}** now asks for a second step beside your password (multi-factor authentication).
{%- else -%}
since {{ switch.date }} signing in to your account **{{ person.upn }}** asks for a second step beside your password (multi-factor authentication). If you have signed in since, there is nothing left to do.
{%- endif %}

{% if strength == 'mfa' -%}
The second step is the one you have registered: an app, a security key, a hardware token or your phone.
{%- elsif strength == 'passwordless' -%}
The sign-in is without a password: by the Authenticator app, a passkey, a security key or Windows Hello.
{%- else -%}
The sign-in is by a passkey, a security key or Windows Hello.
{%- endif %} You may be asked to sign in again on your phone and in your mail program.

{% if notice.moment == 'before' %}If that day is bad for you, ask for a postponement before it: {{ contact }}. Nothing in this mail has to be clicked.{% else %}If you cannot sign in, ask for help: {{ contact }}. Nothing in this mail has to be clicked.{% endif %}
`
