"""Returned campaigns.

Revision: 0015, after 0014
"""

from alembic import op
import sqlalchemy as sa


revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign_return",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_return")),
    )
    with op.batch_alter_table("campaign_return", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_return_campaign_id", ["campaign_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("campaign_return", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_return_campaign_id")

    op.drop_table("campaign_return")
