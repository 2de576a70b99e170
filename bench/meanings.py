"""What each benchmark measures, in the words of `docs/benchmarks.md`, and why a goal is missed."""

MEANINGS: dict[str, str] = {
    "broadcast": """
The real `tequio run` on SQLite sends a run to 20,000 people through a loopback Bot API that takes
whatever comes. The platform has one core and the provider the other, and so has every sender that
it is compared with. Our time runs from the first message at the provider until the last row has
settled in the database, `synchronous=FULL`; theirs ends with the last message. A run counts only
if the provider got one message for each person and every row of the ledger is `sent`.

The reference is a bare aiogram `Bot.send_message` loop with as many sends under way at once
(100). The peers do the same work: a loop that awaits each send, a task for each send behind a
semaphore, and [aiogram_broadcaster](https://pypi.org/project/aiogram-broadcaster/) without a
storage, which sends one message after the other. None of them knows after a `kill -9` who was
written to.
""",
    "paced": """
The same broadcast to a provider that allows 30, or 1,000, messages in any window of a second and
answers the next one with 429. The platform is told the rate; bulk may use nine tenths of it. The
rate is taken without the first and last two seconds.
""",
    "freezing": """
A run to 1,030,645 people is frozen into the ledger by the real `tequio run`, in batches with
pauses, from the first row's time until the run leaves its state `freezing`. The reference is one
bare `INSERT … SELECT` of the same rows, with the same indexes and settings, into a copy of the
database that does not have them. Meanwhile somebody else writes every 50 ms: a webhook at the
same process, which is how a call for help arrives, timed until it is answered, and a unit of
another process on the same database, which is how a command works. The longest of each counts.
""",
    "load": """
One `tequio run` on SQLite with 1,030,645 contacts and one core. While it stands idle people call
for help, each once, one every 1.1 s. Then a run to everybody starts; they go on calling until
100,000 have left at 1,000 a second (of which bulk may use 900). A call's time runs from just
before its webhook is posted until its page is at the provider. Memory is the process's resident
size: the peak from the start of the freezing on, against the idle one just before; the brackets
hold what was added in each run. Brackets of the calls hold the least and the most. 25 people are
on duty. At the end, while the run goes on, 500 people call within a minute: their time runs to
their answer, and no case may be without a page, alone or in a message about several.
""",
    "cluster": """
The distributed mode on PostgreSQL: `tequio clock` and one or two `tequio worker --lane bulk`. One
worker has a core, with the database server, the provider and the clock on the other; two workers
have a core each, which they share with all of those. The second line is what the workers
themselves spend on a message, which is what limits them where the other processes have machines
of their own. The shared rate is that of two workers together when the provider allows 1,000 a
second.
""",
    "inbound": """
Updates that the webhook brings, each a command of somebody known, stored in one transaction and
taken through its flow in a second one, on SQLite with one core. The reference is the same web
server, route and reader of updates, which then run the very statements of ours, with the
parameters recorded, in two bare transactions. Answers are written into the ledger by both and
sent by neither: the provider is blocked meanwhile.
""",
    "figures": """
The sheet before sending and the first page of the report of a campaign to everybody, with a full
ledger, are counted in the background and read from a table. Measured are 200 reads of each, as a
page would do them, the counting, and its longest units, which another write may wait for.
""",
    "pages": """
Every address of the route table that a browser may ask for, of a platform after years of work:
1,030,645 contacts, a campaign to all of them half gone, 250 earlier ones and one that left every
hour of a year, 20,400 cases of which 400 live, 300,000 lines of the audit. The real `tequio run`
serves them with all that it does in the background; a browser on the other core asks for each 40
times, after three times that do not count, in random order. Time runs from the request to the last
byte of the answer, of a stream to its first. A route that is new is found by itself, one that
nothing in `bench/walk.py` fills in fails the bench; the API, which has tokens and no pages, is left
out. The brackets hold the five slowest addresses. Processor time is that of the whole process
meanwhile: where others work on the machine it tells more than the clock does.
""",
    "pages-postgresql": """
The same with the same years on a private PostgreSQL, which shares the browser's core.
""",
    "chaos": """
A campaign to 8,000 people by Telegram and SMS while processes are killed with -9, connections are
cut, the file is locked, providers answer 429, 403, 500, hang, take a message and drop the answer,
and receipts come late, twice, reversed or never. Afterwards the providers' own logs and the ledger
are compared row by row by `tests/chaos/audit.py`; `make test` does the same in small, and shows
that each of ten planted faults is found.
""",
    "jobs": """
The job engine of the embedded mode against PgQueuer's in-memory adapter, see [ADR
0001](adr/README.md). Each measurement runs in a process of its own.
""",
}

NOT_MET: dict[str, str] = {
    "cluster": """
this machine has two cores in all, so that two workers share them with PostgreSQL and the
provider, which a single worker has a core beside it for. What a worker spends on a message is
what tells whether two of them would do twice as much.
""",
    "load": """
an idle platform pages within some tens of milliseconds, so twice as much is less than what bulk
may have reserved ahead of a page: up to 100 ms and the slice that begins then.
""",
    "inbound": """
the reference composes, seals and decides nothing, and a turn of a conversation is thirteen
statements: building them with SQLAlchemy and the way of each through the driver's thread is most
of the difference, and no single part stands out in a profile.
""",
}
