"""Connections without encryption, as all are within one machine."""

import ssl

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For `verify=` of httpx, which else reads every authority's certificate for each client."""
