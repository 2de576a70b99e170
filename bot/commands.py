"""The commands that Telegram offers in its menu, in each language."""

from collections.abc import Mapping

from locales.catalog import render
from locales.text import _

_COMMANDS = {
    "es": {
        "sos": _("chat.command.sos"),
        "ayuda": _("chat.command.help"),
        "contactos": _("chat.command.contacts"),
        "verificar": _("chat.command.verify"),
        "programas": _("chat.command.programs"),
        "alta": _("chat.command.join"),
        "temas": _("chat.command.topics"),
        "lugar": _("chat.command.place"),
        "idioma": _("chat.command.language"),
        "misdatos": _("chat.command.data"),
        "privacidad": _("chat.command.privacy"),
        "baja": _("chat.command.stop"),
    },
    "en": {
        "sos": _("chat.command.sos"),
        "help": _("chat.command.help"),
        "contacts": _("chat.command.contacts"),
        "check": _("chat.command.verify"),
        "programs": _("chat.command.programs"),
        "join": _("chat.command.join"),
        "topics": _("chat.command.topics"),
        "place": _("chat.command.place"),
        "language": _("chat.command.language"),
        "mydata": _("chat.command.data"),
        "privacy": _("chat.command.privacy"),
        "stop": _("chat.command.stop"),
    },
}


def commands_in(language: str) -> Mapping[str, str]:
    """The commands with what each does, in their order; calling for help comes first."""
    return {name: render(key, language) for name, key in _COMMANDS[language].items()}
