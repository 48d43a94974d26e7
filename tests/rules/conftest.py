"""Settings of Hypothesis: the slow reckoning by day takes the time it takes; `HYPOTHESIS_PROFILE=long` searches on."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

ODD_FACTS = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]

settings.register_profile("short", deadline=None, max_examples=60, suppress_health_check=ODD_FACTS)
settings.register_profile("long", deadline=None, max_examples=3000, suppress_health_check=ODD_FACTS)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))
