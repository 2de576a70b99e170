"""The audit as a chain.

Revision: 0007, after 0006

From here on the database itself refuses to change or take away a line of the audit. A later
migration that rebuilds `audit` or `audit_head` on SQLite (a batch that alters or drops a column)
takes these triggers with it and must make them again.
"""

from alembic import op
import sqlalchemy as sa


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEPT = ("id", "at", "member_id", "act", "about", "mac")

SQLITE = (
    """
    CREATE TRIGGER audit_enters BEFORE INSERT ON audit
    WHEN NEW.position IS NOT NULL OR NEW.link IS NOT NULL
        OR EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END
    """,
    f"""
    CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
    WHEN OLD.position IS NOT NULL OR NEW.position IS NULL OR NEW.link IS NULL
        OR {" OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in KEPT)}
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END
    """,
    """
    CREATE TRIGGER audit_remains BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END
    """,
    """
    CREATE TRIGGER audit_head_is_one BEFORE INSERT ON audit_head
    WHEN EXISTS (SELECT 1 FROM audit_head)
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END
    """,
    """
    CREATE TRIGGER audit_head_advances BEFORE UPDATE ON audit_head
    WHEN NEW.id IS NOT OLD.id OR NEW.mark IS NOT OLD.mark OR NEW.rows IS NOT OLD.rows
        OR NEW.position <= OLD.position
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END
    """,
    """
    CREATE TRIGGER audit_head_remains BEFORE DELETE ON audit_head
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit only grows'; END $$
    """,
    """
    CREATE TRIGGER audit_enters BEFORE INSERT ON audit FOR EACH ROW
    WHEN (NEW.position IS NOT NULL OR NEW.link IS NOT NULL)
    EXECUTE FUNCTION audit_only_grows()
    """,
    f"""
    CREATE TRIGGER audit_stays BEFORE UPDATE ON audit FOR EACH ROW
    WHEN (OLD.position IS NOT NULL OR NEW.position IS NULL OR NEW.link IS NULL
        OR {" OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in KEPT)})
    EXECUTE FUNCTION audit_only_grows()
    """,
    """
    CREATE TRIGGER audit_remains BEFORE DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()
    """,
    """
    CREATE TRIGGER audit_head_advances BEFORE UPDATE ON audit_head FOR EACH ROW
    WHEN (NEW.id <> OLD.id OR NEW.mark <> OLD.mark OR NEW.rows <> OLD.rows
        OR NEW.position <= OLD.position)
    EXECUTE FUNCTION audit_only_grows()
    """,
    """
    CREATE TRIGGER audit_head_remains BEFORE INSERT OR DELETE OR TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()
    """,
)


def upgrade() -> None:
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mac", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("position", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("link", sa.LargeBinary(), nullable=True))
        batch_op.create_index("ix_audit_act", ["act", "id"], unique=False)
        batch_op.create_index("ix_audit_about", ["about", "id"], unique=False)
        batch_op.create_index("ix_audit_member_id", ["member_id", "id"], unique=False)
        batch_op.create_index("uq_audit_position", ["position"], unique=True)
        batch_op.create_index(
            "ix_audit_unsealed",
            ["id"],
            unique=False,
            sqlite_where=sa.text("position IS NULL"),
            postgresql_where=sa.text("position IS NULL"),
        )

    op.create_table(
        "audit_head",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    # Lines from before have no mac; these two fix which, and how many they are.
    op.execute(
        "INSERT INTO audit_head (id, mark, rows, position)"
        " SELECT 1, coalesce(max(id), 0), count(*), 0 FROM audit"
    )
    for statement in SQLITE if _is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if _is_sqlite():
        for name in ("audit_enters", "audit_stays", "audit_remains"):
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute("DROP FUNCTION audit_only_grows() CASCADE")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_audit_unsealed",
            sqlite_where=sa.text("position IS NULL"),
            postgresql_where=sa.text("position IS NULL"),
        )
        batch_op.drop_index("uq_audit_position")
        batch_op.drop_index("ix_audit_member_id")
        batch_op.drop_index("ix_audit_about")
        batch_op.drop_index("ix_audit_act")
        batch_op.drop_column("link")
        batch_op.drop_column("position")
        batch_op.drop_column("mac")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
