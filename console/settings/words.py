"""What the settings are called and what they are for."""

from collections.abc import Mapping, Sequence

from locales.text import _

LABELS: Mapping[str, str] = {
    "name": _("console.institute.name"),
    "short_name": _("console.institute.short_name"),
    "address": _("console.institute.address"),
    "phone": _("console.institute.phone"),
    "email": _("console.institute.email"),
    "hours": _("console.institute.hours"),
    "web": _("console.institute.web"),
    "transparency_unit": _("console.institute.transparency_unit"),
    "transparency_address": _("console.institute.transparency_address"),
    "transparency_contact": _("console.institute.transparency_contact"),
    "legal_basis": _("console.institute.legal_basis"),
    "authorities": _("console.institute.authorities"),
    "keeping": _("console.institute.keeping"),
}
"""What each field of the institute is called."""

HINTS: Mapping[str, str] = {
    "name": _("console.institute.name_hint"),
    "short_name": _("console.institute.short_name_hint"),
    "address": _("console.institute.address_hint"),
    "phone": _("console.institute.phone_hint"),
    "email": _("console.institute.email_hint"),
    "hours": _("console.institute.hours_hint"),
    "web": _("console.institute.web_hint"),
    "transparency_unit": _("console.institute.transparency_unit_hint"),
    "transparency_address": _("console.institute.transparency_address_hint"),
    "transparency_contact": _("console.institute.transparency_contact_hint"),
    "legal_basis": _("console.institute.legal_basis_hint"),
    "authorities": _("console.institute.authorities_hint"),
    "keeping": _("console.institute.keeping_hint"),
}

SECTIONS: Sequence[tuple[str, Sequence[str]]] = (
    (
        _("console.institute.itself"),
        ("name", "short_name", "address", "phone", "email", "hours", "web"),
    ),
    (
        _("console.institute.unit"),
        ("transparency_unit", "transparency_address", "transparency_contact"),
    ),
    (_("console.institute.notice"), ("legal_basis", "authorities", "keeping")),
)
"""The form in parts."""

ASKED_BY_LAW = (
    "address", "transparency_address", "transparency_contact", "legal_basis", "authorities",
    "keeping",
)  # fmt: skip
"""What the privacy notice says to be pending as long as nobody has given it."""

HELP: Mapping[str, str] = {
    "DATABASE_URL": _("console.setting.database_url"),
    "PORT": _("console.setting.port"),
    "PUBLIC_URL": _("console.setting.public_url"),
    "TRIAL": _("console.setting.trial"),
    "SECRET_KEY": _("console.setting.secret_key"),
    "FIELD_KEYS": _("console.setting.field_keys"),
    "TELEGRAM_BOT_TOKEN": _("console.setting.telegram_bot_token"),
    "TELEGRAM_MODE": _("console.setting.telegram_mode"),
    "TELEGRAM_WEBHOOK_SECRET": _("console.setting.telegram_webhook_secret"),
    "TELEGRAM_RATE": _("console.setting.telegram_rate"),
    "TELEGRAM_API_URL": _("console.setting.telegram_api_url"),
    "TWILIO_ACCOUNT_SID": _("console.setting.twilio_account_sid"),
    "TWILIO_AUTH_TOKEN": _("console.setting.twilio_auth_token"),
    "TWILIO_FROM": _("console.setting.twilio_from"),
    "TWILIO_MESSAGING_SERVICE_SID": _("console.setting.twilio_messaging_service_sid"),
    "TWILIO_FROM_URGENT": _("console.setting.twilio_from_urgent"),
    "TWILIO_RATE": _("console.setting.twilio_rate"),
    "TWILIO_API_URL": _("console.setting.twilio_api_url"),
    "VOICE_FROM": _("console.setting.voice_from"),
    "WHATSAPP_FROM": _("console.setting.whatsapp_from"),
    "SMS_PRICES": _("console.setting.sms_prices"),
    "INSTITUTE_NAME": _("console.setting.institute_name"),
    "TRANSPARENCY_CONTACT": _("console.setting.transparency_contact"),
    "PAGE_TIMEOUT": _("console.setting.page_timeout"),
    "REPORTER_TIMEOUT": _("console.setting.reporter_timeout"),
    "PAGES_ALONE": _("console.setting.pages_alone"),
    "SENDING_HOURS": _("console.setting.sending_hours"),
    "CAMPAIGNS_A_WEEK": _("console.setting.campaigns_a_week"),
    "CANARY_MINUTES": _("console.setting.canary_minutes"),
    "CANARY_TELEGRAM": _("console.setting.canary_telegram"),
    "CANARY_SMS": _("console.setting.canary_sms"),
    "DEADMAN_URL": _("console.setting.deadman_url"),
}
"""What each setting of the environment is for."""

GROUPS: Sequence[tuple[str, Sequence[str]]] = (
    (_("console.settings.place"), ("DATABASE_URL", "PORT", "PUBLIC_URL", "TRIAL")),
    (_("console.settings.keys"), ("SECRET_KEY", "FIELD_KEYS")),
    (
        _("console.settings.telegram"),
        (
            "TELEGRAM_BOT_TOKEN",
            "TELEGRAM_MODE",
            "TELEGRAM_WEBHOOK_SECRET",
            "TELEGRAM_RATE",
            "TELEGRAM_API_URL",
        ),
    ),
    (
        _("console.settings.sms"),
        (
            "TWILIO_ACCOUNT_SID",
            "TWILIO_AUTH_TOKEN",
            "TWILIO_FROM",
            "TWILIO_MESSAGING_SERVICE_SID",
            "TWILIO_FROM_URGENT",
            "TWILIO_RATE",
            "TWILIO_API_URL",
            "VOICE_FROM",
            "WHATSAPP_FROM",
            "SMS_PRICES",
        ),
    ),
    (_("console.settings.institute"), ("INSTITUTE_NAME", "TRANSPARENCY_CONTACT")),
    (_("console.settings.cases"), ("PAGE_TIMEOUT", "REPORTER_TIMEOUT", "PAGES_ALONE")),
    (_("console.settings.campaigns"), ("SENDING_HOURS", "CAMPAIGNS_A_WEEK")),
    (
        _("console.settings.watch"),
        ("CANARY_MINUTES", "CANARY_TELEGRAM", "CANARY_SMS", "DEADMAN_URL"),
    ),
)
"""They stand together on the page."""
