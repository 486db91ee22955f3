/* SPDX-License-Identifier: MIT */
/* Signs tokens as a service account does, apart from how the simulator reads
 * them. */
#ifndef TESTS_UNIT_SIM_SIGNER_H
#define TESTS_UNIT_SIM_SIGNER_H

struct buf;

/* A key file, as gcs-sim keygen and POST /_sim/auth/credentials make it: its
 * text is borrowed. */
struct sim_signer;
struct sim_signer *sim_signer_new(const char *file);
void sim_signer_free(struct sim_signer *s);

const char *sim_signer_email(const struct sim_signer *s);
const char *sim_signer_key_id(const struct sim_signer *s);

/* Adds HEADER.CLAIMS.SIGNATURE; head and claims are JSON. */
void sim_signer_sign(const struct sim_signer *s, const char *head,
    const char *claims, struct buf *out);

#endif
