# Each floor adds its own programs here: auth, base, storage, net, gcs, registry, sim.
include tests/unit/auth.mk
include tests/unit/base.mk
include tests/unit/cli.mk
include tests/unit/storage.mk
include tests/unit/net.mk
include tests/unit/registry.mk
include tests/unit/sim.mk
