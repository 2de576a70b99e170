"""What is kept of where somebody comes from: little, and nothing that tells one phone from another.
Pure."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

HOME = 64
"""Bits of an IPv6 address that a household has; the others change as its devices please."""

LONGEST_READ = 1000

BROWSERS = (
    ("SamsungBrowser/", "Samsung Internet"),
    ("OPR/", "Opera"),
    ("Opera", "Opera"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""What browsers call themselves, those first that claim to be the others as well."""

SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """A browser and its system, "Firefox · Android"; only names from the lists here, maybe none."""
    said = user_agent[:LONGEST_READ]
    browser = next((name for sign, name in BROWSERS if sign in said), "")
    system = next((name for sign, name in SYSTEMS if sign in said), "")
    return " · ".join(part for part in (browser, system) if part)


def origin_of(address: str) -> str:
    """What failures from an address are counted under: the address, of IPv6 its network.

    What is no address at all counts as one and the same.
    """
    try:
        found: IPv4Address | IPv6Address = ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((int(found), HOME), strict=False))
    return str(found)
