"""Long work.

Revision: 0012, after 0011
"""

from alembic import op
import sqlalchemy as sa


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "long_work",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column(
            "member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("step", sa.String(length=8), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("header", sa.String(length=200), nullable=False),
        sa.Column("newest", sa.BigInteger(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("more_faults", sa.Integer(), nullable=False),
        sa.Column("piece", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("has_file", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=60), nullable=True),
        sa.Column("holder", sa.String(length=40), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_long_work")),
    )
    with op.batch_alter_table("long_work", schema=None) as batch_op:
        batch_op.create_index("ix_long_work_member_id", ["member_id", "id"], unique=False)
        batch_op.create_index("ix_long_work_state", ["state"], unique=False)

    op.create_table(
        "long_work_fault",
        sa.Column("work_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["long_work.id"],
            name=op.f("fk_long_work_fault_work_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("work_id", "line", name=op.f("pk_long_work_fault")),
    )
    op.create_table(
        "long_work_piece",
        sa.Column("work_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["long_work.id"],
            name=op.f("fk_long_work_piece_work_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("work_id", "number", name=op.f("pk_long_work_piece")),
    )


def downgrade() -> None:
    op.drop_table("long_work_piece")
    op.drop_table("long_work_fault")
    with op.batch_alter_table("long_work", schema=None) as batch_op:
        batch_op.drop_index("ix_long_work_state")
        batch_op.drop_index("ix_long_work_member_id")

    op.drop_table("long_work")
