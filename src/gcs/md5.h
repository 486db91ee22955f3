/* SPDX-License-Identifier: MIT */
/*
 * An object's md5Hash as the JSON API writes it.
 */
#ifndef GCS_MD5_H
#define GCS_MD5_H

#include <stdint.h>

#include "src/storage/page.h"

/* 16 bytes in base64, padded (RFC 4648, section 4; [doc] objects, md5Hash).  0,
 * or -1 for anything else. */
int gcs_md5_parse(const char *text, uint8_t out[STORAGE_MD5_SIZE]);

#endif
