"""Hashing passwords, outside of every unit and of the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar, TypeVarTuple, Unpack

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from staff.signin.passwords import could_be, plain

# OWASP's Password Storage Cheat Sheet asks for 46 MiB and one pass at least. Two at a time: each
# takes its memory, and who floods the page must not take all of it.
MEMORY_KIB = 47_104
PASSES = 2

Given = TypeVarTuple("Given")
Result = TypeVar("Result")

_hashing = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")


@dataclass(frozen=True, slots=True)
class Passwords:
    """Argon2id of a cost; only tests choose another."""

    memory_kib: int = MEMORY_KIB
    passes: int = PASSES

    async def hashed(self, password: str) -> str:
        """What is kept of a password, which `passwords.checked` has let through."""
        return await _run(self._hash, password)

    async def matches(self, password: str, kept: str | None) -> tuple[bool, str | None]:
        """Whether it is the password of a hash, and a hash of today's cost if the kept one is not.

        Without one, for somebody unknown, it takes as long and is wrong. What is too long for any
        password is wrong at once.
        """
        if not could_be(password):
            return False, None
        if kept is None:
            await _run(self._hash, password)
            return False, None
        return await _run(self._compare, password, kept)

    def _hash(self, password: str) -> str:
        return self._argon().hash(plain(password))

    def _compare(self, password: str, kept: str) -> tuple[bool, str | None]:
        try:
            return self._argon().verify_and_update(plain(password), kept)
        except UnknownHashError:
            return False, None

    def _argon(self) -> PasswordHash:
        cost = Argon2Hasher(time_cost=self.passes, memory_cost=self.memory_kib, parallelism=1)
        return PasswordHash((cost,))


async def _run(work: Callable[[Unpack[Given]], Result], *given: *Given) -> Result:
    return await asyncio.get_running_loop().run_in_executor(_hashing, work, *given)
