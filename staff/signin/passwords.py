"""What may be a password: long, and not the first thing that somebody else would try. Pure.

No rule asks for kinds of signs; see NIST SP 800-63B-4, 3.1.1.2.
"""

import unicodedata
from itertools import pairwise

from kit.errors import Invalid
from kit.fold import fold
from locales.text import _

SHORTEST = 12
LONGEST = 128

# Of twelve signs or more in lists of leaked passwords, and what people here would choose.
_COMMON = """
123456789012 1234567890123 12345678901234 123456789123 1234567891011 123123123123 112233445566
012345678901 987654321012 098765432109 111222333444 123454321234 1q2w3e4r5t6y 1q2w3e4r5t6y7u
q1w2e3r4t5y6 1qaz2wsx3edc 1qaz2wsx3edc4rfv qazwsxedcrfv zaq12wsxcde3 qwertyuiop12 qwertyuiop123
qwertyuiop1234 qwertyuiopasdf qwertyuiopas qwerty123456 qwerty1234567 qwerty12345678 qwertyqwerty
qwerty123qwerty asdfghjkl123 asdfghjklzxc asdfghjklqwe zxcvbnm123456 abcdefghijkl abcdefghijklm
abcdefghijklmnopqrstuvwxyz abc123abc123 abcd12345678 a1b2c3d4e5f6 aa1234567890 password1234
password12345 password123456 passwordpassword password2024 password2025 password2026 passw0rd1234
p4ssw0rd1234 mypassword123 letmein123456 welcome12345 welcome123456 administrator administrador
administrador1 administrador123 admin1234567 admin12345678 adminadminadmin administrator1
changeme1234 changemechangeme iloveyou1234 iloveyouiloveyou contrasena123 contrasena1234
contrasena2024 contrasena2025 contrasena2026 contrasenasegura micontrasena micontrasena1
micontrasena123 nuevacontrasena clavesegura1 clavesegura123 miclave12345 secreto12345 tequieromucho
tequieromucho1 teamomucho123 teamoteamoteamo teamoparasiempre teamomiamor1 miamormiamor mividamivida
diosesamor123 diosesamor12 diosesbueno1 diosesfiel123 jesucristo123 virgendeguadalupe
guadalupe1234 mexico123456 mexicomexico vivamexico123 mexicolindo1 oaxaca123456 oaxaca202425
oaxacaoaxaca oaxacamexico oaxacadejuarez migrante1234 migrantes123 migrantes2025
migrantes2026 tequiotequio tequio123456 tequio2026tequio bienvenido12 bienvenido123 bienvenidos1
estrellita12 estrellita123 princesa1234 chocolate123 chocolate1234 futbol123456 america12345
football1234 baseball1234 superman1234 sunshine1234 unbelievable entrarentrar trustno1trustno1
correcthorsebatterystaple
"""
COMMON = frozenset(_COMMON.split())


def plain(password: str) -> str:
    """A password in the one form that is hashed, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)


def could_be(password: str) -> bool:
    """Whether it can be anybody's: what is longer is not looked at, and never hashed."""
    return len(password) <= LONGEST and _is_text(password)


def checked(password: str, email: str, name: str) -> str:
    """A new password in the form that is hashed. Invalid says what to do instead."""
    if not could_be(password):
        raise Invalid(_("console.signin.password_long"), most=LONGEST)
    chosen = plain(password)
    if len(chosen) < SHORTEST or not chosen.strip():
        raise Invalid(_("console.signin.password_short"), least=SHORTEST)
    if len(chosen) > LONGEST:
        raise Invalid(_("console.signin.password_long"), most=LONGEST)
    bare = _bare(chosen)
    mailbox, _at, host = email.partition("@")
    own = {_bare(one) for one in (email, mailbox, host, name, mailbox * 2, name * 2)} - {""}
    if bare in own or bare.rstrip("0123456789") in own:
        raise Invalid(_("console.signin.password_own"))
    if bare in COMMON or _is_run(bare):
        raise Invalid(_("console.signin.password_common"))
    return chosen


def _is_text(password: str) -> bool:
    """Half a pair of surrogates cannot be hashed."""
    return not any("\ud800" <= sign <= "\udfff" for sign in password)


def _bare(text: str) -> str:
    """Letters and digits alone, small, without accents; anything else as it is."""
    folded = fold(text)
    return "".join(sign for sign in folded if sign.isalnum()) or text


def _is_run(bare: str) -> bool:
    """Whether it is a few signs again and again, or one step after another: aaaa, abab, 1234."""
    if len(set(bare)) <= 3:
        return True
    steps = {(ord(after) - ord(sign)) for sign, after in pairwise(bare)}
    return steps in ({1}, {-1})
