"""Tries of arrivals and what was lost.

Revision: 0003, after 0002
"""

from alembic import op
import sqlalchemy as sa


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbox_notice",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_inbox_notice")),
    )
    with op.batch_alter_table("case_entry", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )

    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.add_column(sa.Column("begun", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.drop_column("told_at")
        batch_op.drop_column("begun")

    with op.batch_alter_table("case_entry", schema=None) as batch_op:
        batch_op.drop_column("message_id")

    op.drop_table("inbox_notice")
