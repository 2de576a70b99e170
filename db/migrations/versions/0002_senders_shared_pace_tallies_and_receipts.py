"""Senders, shared pace, tallies and receipts.

Revision: 0002, after 0001
"""

from datetime import timedelta

from alembic import op
import sqlalchemy as sa


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


PARTIAL = (
    ("message", "ix_message_about", ["about"], "about IS NOT NULL"),
    ("attempt", "ix_attempt_provider_id", ["provider_id"], "channel = 'sms'"),
)


def _fill() -> None:
    """What the new columns and counters say of the rows that are there."""
    connection = op.get_bind()
    for table in ("message", "attempt"):
        connection.execute(sa.text(f"UPDATE {table} SET sender = channel"))
    connection.execute(
        sa.text(
            "INSERT INTO run_tally (run_id, state, rows) SELECT run_id, state, count(*)"
            " FROM message WHERE run_id IS NOT NULL GROUP BY run_id, state"
        )
    )
    instant = sa.DateTime(timezone=True)
    run = sa.table(
        "run",
        sa.column("id"),
        sa.column("campaign_id"),
        sa.column("due_at", instant),
        sa.column("topic"),
        sa.column("channels"),
        sa.column("stale_at", instant),
    )
    campaign = sa.table(
        "campaign",
        sa.column("id"),
        sa.column("topic"),
        sa.column("channels"),
        sa.column("stale_after"),
    )
    rows = connection.execute(
        sa.select(
            run.c.id, run.c.due_at, campaign.c.topic, campaign.c.channels, campaign.c.stale_after
        ).join_from(run, campaign, campaign.c.id == run.c.campaign_id)
    )
    for row in rows.all():
        limit = row.stale_after
        connection.execute(
            sa.update(run)
            .where(run.c.id == row.id)
            .values(
                topic=row.topic,
                channels=row.channels,
                stale_at=None if limit is None else row.due_at + timedelta(seconds=limit),
            )
        )


def upgrade() -> None:
    op.create_table(
        "early_receipt",
        sa.Column("provider_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("failure", sa.String(length=20), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider_id", name=op.f("pk_early_receipt")),
    )
    with op.batch_alter_table("early_receipt", schema=None) as batch_op:
        batch_op.create_index("ix_early_receipt_at", ["at"], unique=False)

    op.create_table(
        "endpoint_sender",
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("endpoint_index", sa.LargeBinary(), nullable=False),
        sa.Column("sender", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("channel", "endpoint_index", name=op.f("pk_endpoint_sender")),
    )
    op.create_table(
        "process",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
    )
    op.create_table(
        "sender",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("rate", sa.Float(), nullable=False),
        sa.Column("urgent_only", sa.Boolean(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bulk_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("jump_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("broken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("broken_code", sa.String(length=40), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("configured", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sender")),
    )
    op.create_table(
        "run_tally",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_run_tally_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_tally")),
    )
    with op.batch_alter_table("run_tally", schema=None) as batch_op:
        batch_op.create_index("ix_run_tally_run_id", ["run_id", "state"], unique=False)

    op.drop_table("sender_pause")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("sender", sa.String(length=20), server_default=sa.text("''"), nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "address_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(sa.Column("position", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("sender", sa.String(length=20), server_default=sa.text("''"), nullable=False)
        )
        batch_op.add_column(sa.Column("killed", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("check_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_index(batch_op.f("ix_message_run_state"))
        batch_op.drop_index(batch_op.f("ix_message_due"))
        batch_op.create_index(
            "ix_message_due",
            ["state", "lane", "sender", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("run_id IS NULL"),
            postgresql_where=sa.text("run_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_message_endpoint"))
        batch_op.create_index(
            "ix_message_endpoint",
            ["endpoint_index", "channel"],
            unique=False,
            sqlite_where=sa.text("endpoint_index IS NOT NULL"),
            postgresql_where=sa.text("endpoint_index IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_message_check",
            ["check_at"],
            unique=False,
            sqlite_where=sa.text("check_at IS NOT NULL"),
            postgresql_where=sa.text("check_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_message_claimed",
            ["claimed_by"],
            unique=False,
            sqlite_where=sa.text("claimed_by IS NOT NULL"),
            postgresql_where=sa.text("claimed_by IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_message_run",
            ["run_id", "state", "sender", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("run_id IS NOT NULL"),
            postgresql_where=sa.text("run_id IS NOT NULL"),
        )

    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("topic", sa.String(length=20), server_default=sa.text("''"), nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "channels", sa.String(length=60), server_default=sa.text("''"), nullable=False
            )
        )
        batch_op.add_column(sa.Column("stale_at", sa.DateTime(timezone=True), nullable=True))

    for table, name, columns, where in PARTIAL:
        op.drop_index(name, table_name=table)
        op.create_index(
            name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
    _fill()


def downgrade() -> None:
    for table, name, columns, _ in PARTIAL:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns)
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_column("stale_at")
        batch_op.drop_column("channels")
        batch_op.drop_column("topic")

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_run",
            sqlite_where=sa.text("run_id IS NOT NULL"),
            postgresql_where=sa.text("run_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_message_claimed",
            sqlite_where=sa.text("claimed_by IS NOT NULL"),
            postgresql_where=sa.text("claimed_by IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_message_check",
            sqlite_where=sa.text("check_at IS NOT NULL"),
            postgresql_where=sa.text("check_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_message_endpoint",
            sqlite_where=sa.text("endpoint_index IS NOT NULL"),
            postgresql_where=sa.text("endpoint_index IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_message_endpoint"), ["channel", "endpoint_index", "state"], unique=False
        )
        batch_op.drop_index(
            "ix_message_due",
            sqlite_where=sa.text("run_id IS NULL"),
            postgresql_where=sa.text("run_id IS NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_message_due"), ["state", "lane", "channel", "due_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_message_run_state"), ["run_id", "state"], unique=False)
        batch_op.drop_column("check_at")
        batch_op.drop_column("killed")
        batch_op.drop_column("sender")

    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_column("position")
        batch_op.drop_column("address_id")
        batch_op.drop_column("sender")

    op.create_table(
        "sender_pause",
        sa.Column("channel", sa.VARCHAR(length=10), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_sender_pause")),
    )
    with op.batch_alter_table("run_tally", schema=None) as batch_op:
        batch_op.drop_index("ix_run_tally_run_id")

    op.drop_table("run_tally")
    op.drop_table("sender")
    op.drop_table("process")
    op.drop_table("endpoint_sender")
    with op.batch_alter_table("early_receipt", schema=None) as batch_op:
        batch_op.drop_index("ix_early_receipt_at")

    op.drop_table("early_receipt")
