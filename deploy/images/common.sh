# What the scripts beside this file share; read by them with `source`.
# shellcheck shell=bash disable=SC2034

images=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd "$images/../.." && pwd -P)

# One image each; a service that joins is one more word.
services='generator-service quantizer-service evaluator-service gateway-service'

say() { printf '== %s\n' "$*"; }
die() {
    printf '== %s\n' "$*" >&2
    exit 1
}

need() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || die "$tool is missing; on Debian: apt-get install $(package_of "$tool")"
    done
}

package_of() {
    case $1 in
        runc) echo runc ;;
        podman) echo podman netavark aardvark-dns iptables runc ;;
        *) echo "$1" ;;
    esac
}

# Prints the home of a JDK 25 or newer.
jdk() {
    local home
    for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
        if [ -x "$home/bin/jlink" ] && grep -Eqs '^JAVA_VERSION="(2[5-9]|[3-9][0-9])' "$home/release"; then
            echo "$home"
            return
        fi
    done
    die "no JDK 25 or newer in JAVA_HOME or /usr/lib/jvm"
}

# Where runc is installed podman is told to use it and to ask for no more than a confined host grants.
if command -v runc >/dev/null; then export CONTAINERS_CONF=${CONTAINERS_CONF:-$images/podman.conf}; fi
tool=${CONTAINER_TOOL:-podman}
