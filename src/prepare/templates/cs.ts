export const CS = `---
subject: "{% if notice.moment == 'before' %}Vaše přihlašování se mění od: {{ switch.date }}{% elsif notice.moment == 'on' %}Vaše přihlašování je nyní chráněno druhým krokem{% else %}Funguje Vám nové přihlašování?{% endif %}"
---
Dobrý den, {{ person.name }},

{% if notice.moment == 'before' -%}
počínaje dnem **{{ switch.date }}** si přihlášení k Vašemu účtu **{{ person.upn }}** vyžádá kromě hesla druhý krok (vícefaktorové ověření). Toho dne to nebude dříve než v {{ switch.time }}.
{%- elsif notice.moment == 'on' -%}
přihlášení k Vašemu účtu **{{ person.upn }}** si nyní kromě hesla vyžádá druhý krok (vícefaktorové ověření).
{%- else -%}
od data {{ switch.date }} si přihlášení k Vašemu účtu **{{ person.upn }}** kromě hesla vyžádá druhý krok (vícefaktorové ověření). Pokud jste se od té doby přihlásili, není třeba dělat nic dalšího.
{%- endif %}

{% if strength == 'mfa' -%}
Druhým krokem je ten, který máte zaregistrovaný: aplikace, bezpečnostní klíč, hardwarový token nebo telefon.
{%- elsif strength == 'passwordless' -%}
Přihlášení probíhá bez hesla: aplikací Authenticator, přístupovým klíčem, bezpečnostním klíčem nebo přes Windows Hello.
{%- else -%}
Přihlášení probíhá přístupovým klíčem, bezpečnostním klíčem nebo přes Windows Hello.
{%- endif %} Možná se budete muset znovu přihlásit v telefonu a v poštovním programu.

{% if notice.moment == 'before' %}Pokud se Vám ten den nehodí, požádejte předem o odklad: {{ contact }}. V této zprávě není třeba na nic klikat.{% else %}Pokud se nemůžete přihlásit, požádejte o pomoc: {{ contact }}. V této zprávě není třeba na nic klikat.{% endif %}
`
