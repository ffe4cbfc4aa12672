"""What all tests share: hypothesis on machines that are shared and noisy, where slowness proves nothing."""

from hypothesis import HealthCheck, settings

settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")
