"""The stand-ins, driven by the real clients."""
