"""Every table. Whoever imports this has the whole schema: the application, the migrations and their tests."""

from app.accounts import models as accounts
from app.assessments import models as assessments
from app.audit import models as audit
from app.contracts import models as contracts
from app.contributions import models as contributions
from app.schemes import models as schemes
from app.statements import models as statements
from app.suppliers import models as suppliers

__all__ = ["accounts", "assessments", "audit", "contracts", "contributions", "schemes", "statements", "suppliers"]
