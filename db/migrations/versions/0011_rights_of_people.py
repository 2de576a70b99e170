"""Rights of people.

Revision: 0011, after 0010
"""

from alembic import op
import sqlalchemy as sa


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rights_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("kind", sa.String(length=14), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("identity", sa.String(length=14), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("counted_from", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("defects_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_request")),
    )
    with op.batch_alter_table("rights_request", schema=None) as batch_op:
        batch_op.create_index("ix_rights_request_contact_id", ["contact_id", "id"], unique=False)
        batch_op.create_index("ix_rights_request_due_on", ["due_on", "id"], unique=False)

    op.create_table(
        "rights_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_entry")),
    )
    with op.batch_alter_table("rights_entry", schema=None) as batch_op:
        batch_op.create_index("ix_rights_entry_contact_id", ["contact_id", "id"], unique=False)
        batch_op.create_index("ix_rights_entry_request_id", ["request_id", "id"], unique=False)

    op.create_table(
        "contact_look",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_look")),
    )
    with op.batch_alter_table("contact_look", schema=None) as batch_op:
        batch_op.create_index(
            "ix_contact_look_member_id", ["member_id", "kind", "at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("contact_look", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_look_member_id")

    op.drop_table("contact_look")
    with op.batch_alter_table("rights_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_rights_entry_request_id")
        batch_op.drop_index("ix_rights_entry_contact_id")

    op.drop_table("rights_entry")
    with op.batch_alter_table("rights_request", schema=None) as batch_op:
        batch_op.drop_index("ix_rights_request_due_on")
        batch_op.drop_index("ix_rights_request_contact_id")

    op.drop_table("rights_request")
