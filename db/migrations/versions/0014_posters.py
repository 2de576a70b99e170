"""Posters.

Revision: 0014, after 0013
"""

from alembic import op
import sqlalchemy as sa


revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "poster",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("clave", sa.Integer(), nullable=True),
        sa.Column("region", sa.String(length=20), nullable=True),
        sa.Column("topic", sa.String(length=20), nullable=True),
        sa.Column("programme", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("words", sa.String(length=140), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("agreed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poster")),
    )
    with op.batch_alter_table("poster", schema=None) as batch_op:
        batch_op.create_index("ix_poster_clave", ["clave", "id"], unique=False)
        batch_op.create_index("ix_poster_region", ["region", "id"], unique=False)
        batch_op.create_index("uq_poster_code", ["code"], unique=True)


def downgrade() -> None:
    with op.batch_alter_table("poster", schema=None) as batch_op:
        batch_op.drop_index("uq_poster_code")
        batch_op.drop_index("ix_poster_region")
        batch_op.drop_index("ix_poster_clave")

    op.drop_table("poster")
