#!/bin/sh
# SPDX-License-Identifier: MIT
# What `make install` gives: a program of somebody else's is built against the
# installed libraries, by what pkg-config says, and runs.
. "$(dirname "$0")/lib.sh"

root=$work/root
cc=${HOUSE_CC:-cc}

# The make that runs us says what is to be made of this build, not of that one.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
run make -C "$bin" install "DESTDIR=$root"
ok 'make install' [ "$status" -eq 0 ]
[ "$status" -eq 0 ] || sed 's/^/# /' "$work/out" "$work/err"

# installed NAME: where it is.
installed() {
	find "$root" -name "$1" | head -n 1
}

header=$(installed gcssim.h)
static=$(installed libgcssim.a)
shared=$(installed libgcssim.so)
pc=$(installed gcssim.pc)
libs=$(dirname "$shared")
for file in "$header" "$static" "$shared" "$pc" \
	"$(installed gcs-sim)" "$(installed gcsweep)" \
	"$(installed gcs-sim.1)" "$(installed gcssim.3)"; do
	ok "is installed: ${file##*/}" [ -s "$file" ]
done
run "$(installed gcs-sim)" --version
cp "$work/out" "$work/version"
ok 'the installed gcs-sim runs' grep -q '^gcs-sim [0-9]' "$work/version"

# --- the libraries' names ---

# Functions that the header declares.
sed -n 's/.*[ *]\(gcssim_[a-z_]*\)(.*/\1/p' "$header" |
	LC_ALL=C sort -u >"$work/declared"
nm -D --defined-only "$shared" | awk '$2 != "A" { print $3 }' |
	LC_ALL=C sort >"$work/exported"
same 'the shared library exports what the header declares' \
	"$work/declared" "$work/exported"
nm -g --defined-only "$static" | awk 'NF == 3 { print $3 }' |
	LC_ALL=C sort >"$work/exported"
same 'so does the static one' "$work/declared" "$work/exported"
readelf -d "$shared" >"$work/dynamic"
ok 'its name has the version that programs depend on' \
	grep -q 'SONAME.*\[libgcssim\.so\.0\]' "$work/dynamic"

# --- the header ---

ok 'the header stands alone, in strict C99' \
	"$cc" -std=c99 -pedantic-errors -Wall -Wextra -Werror -fsyntax-only \
	-x c "$header"
# gcc without g++ has no C++; clang always has.
cxx=$(command -v c++ || command -v clang++ || echo c++)
ok 'and in C++' "$cxx" -Wall -Wextra -Werror -fsyntax-only -x c++ "$header"

# --- a program ---

# config WORDS...: what pkg-config says of the installed library.
config() {
	PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_LIBDIR=$(dirname "$pc") \
		pkg-config "$@" gcssim
}

# build NAME COMMAND...: stranger.c with those arguments; flags are words.
build() {
	way=$1
	shift
	# shellcheck disable=SC2086
	ok "a stranger is built: $way" "$cc" ${HOUSE_CFLAGS-} \
		-o "$work/stranger" "$top/tests/e2e/stranger.c" "$@"
	run env LD_LIBRARY_PATH="$libs" "$work/stranger"
	ok "it runs: $way" [ "$status" -eq 0 ]
	ok "and it says so: $way" grep -qx 'libgcssim .* works' "$work/out"
	ok "the library prints nothing: $way" [ ! -s "$work/err" ]
}

ok 'pkg-config knows it' config --exists
config --modversion >"$work/out"
sed 's/^gcs-sim //' "$work/version" >"$work/want"
same 'by the version of gcs-sim' "$work/want" "$work/out"
# The flags are meant to be split into words.
# shellcheck disable=SC2046
build shared $(config --cflags --libs)
ldd "$work/stranger" >"$work/ldd" 2>&1
ok 'that one needs the shared library' grep -q libgcssim "$work/ldd"
rm "$shared"*
# shellcheck disable=SC2046
build static $(config --cflags --libs --static)

done_testing
