"""Every table. Whoever imports this has the whole schema: the application, the migrations and their tests."""

from app.accounts import models as accounts
from app.assessments import models as assessments
from app.audit import models as audit
from app.auditing import models as auditing
from app.batches import models as batches
from app.closing import models as closing
from app.confirmations import models as confirmations
from app.contracts import models as contracts
from app.contributions import models as contributions
from app.evidence import models as evidence
from app.mail import models as mail
from app.planning import models as planning
from app.schemes import models as schemes
from app.signals import models as signals
from app.statements import models as statements
from app.suppliers import models as suppliers

__all__ = [
    "accounts",
    "assessments",
    "audit",
    "auditing",
    "batches",
    "closing",
    "confirmations",
    "contracts",
    "contributions",
    "evidence",
    "mail",
    "planning",
    "schemes",
    "signals",
    "statements",
    "suppliers",
]
