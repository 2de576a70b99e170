"""Coverage of the target population.

Revision: 0009, after 0008
"""

from alembic import op
import sqlalchemy as sa


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attention",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("given", sa.String(length=12), nullable=False),
        sa.Column("clave", sa.Integer(), nullable=False),
        sa.Column("means", sa.String(length=8), nullable=False),
        sa.Column("sex", sa.String(length=8), nullable=True),
        sa.Column("population", sa.String(length=12), nullable=True),
        sa.Column(
            "member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("print", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attention")),
    )
    with op.batch_alter_table("attention", schema=None) as batch_op:
        batch_op.create_index("ix_attention_day", ["day"], unique=False)
        batch_op.create_index(
            "ix_attention_member_id", ["member_id", "registered_at"], unique=False
        )
        batch_op.create_index("uq_attention_print", ["print"], unique=True)

    op.create_table(
        "coverage_cell",
        sa.Column("dimension", sa.String(length=24), nullable=False),
        sa.Column("cell", sa.String(length=40), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("dimension", "cell", name=op.f("pk_coverage_cell")),
    )
    op.create_table(
        "coverage_count",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_count")),
    )
    op.create_table(
        "coverage_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subscribed", sa.Integer(), nullable=True),
        sa.Column("attended", sa.Integer(), nullable=True),
        sa.Column("sent", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "through",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_coverage_day")),
    )
    op.create_table(
        "coverage_target",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_coverage_target")),
    )


def downgrade() -> None:
    op.drop_table("coverage_target")
    op.drop_table("coverage_day")
    op.drop_table("coverage_count")
    op.drop_table("coverage_cell")
    with op.batch_alter_table("attention", schema=None) as batch_op:
        batch_op.drop_index("uq_attention_print")
        batch_op.drop_index("ix_attention_member_id")
        batch_op.drop_index("ix_attention_day")

    op.drop_table("attention")
