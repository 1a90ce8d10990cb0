#!/bin/sh
# Installs zag-ps, one program without dependencies. Needs no root.
#
#     curl -fsSL https://github.com/zag-ps/zag-ps/releases/latest/download/install.sh | sh
#     ... | sh -s -- --version 0.1.0 --dir ~/bin
#
# It downloads the archive of this platform and SHA256SUMS, compares them,
# starts the program once, and puts it in place. If anything fails, what was
# there before stays.

set -eu

base=${ZAG_PS_BASE_URL:-https://github.com/zag-ps/zag-ps/releases}
# The folder of one run; removed at its end.
work=''
# The folder above those that this run made; what is empty goes if it failed.
above=''

usage() {
  cat <<'END'
Installs zag-ps.

Usage: install.sh [--version VERSION] [--dir DIR]
       install.sh --uninstall [--dir DIR]

  --version VERSION  This version, such as 0.1.0; the latest unless given
  --dir DIR          The folder for the program (~/.local/bin)
  --uninstall        Remove the program from the folder
  --help             Show this help

ZAG_PS_BASE_URL names another place than GitHub's releases: a mirror has
latest/download/FILE and download/vVERSION/FILE below it.

Exit status: 0 done, 1 failed, 2 wrong usage. If it failed, nothing changed.
END
}

say() {
  printf '%s\n' "$*"
}

# The action that failed, and on the last line the remedy.
fail() {
  printf 'Error: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '%s\n' "$@" >&2
  exit 1
}

fail_usage() {
  printf 'Error: %s\n%s\n' "$1" 'See install.sh --help' >&2
  exit 2
}

clean_up() {
  if [ -n "$work" ]; then rm -rf "$work"; fi
  made=$dir
  while [ -n "$above" ] && [ "$made" != "$above" ]; do
    rmdir "$made" 2>/dev/null || break
    made=$(dirname "$made")
  done
}

has() {
  command -v "$1" >/dev/null 2>&1
}

require() {
  has "$1" || fail "Failed to install zag-ps: \"$1\" is not here" "Install $1, and try again"
}

# Sets triple to the platform's, as the archives are named.
find_triple() {
  system=$(uname -s)
  machine=$(uname -m)
  case $system in
    Linux)
      vendor=unknown-linux-$(find_libc)
      # A 32-bit system may run on a 64-bit kernel.
      if [ "$(getconf LONG_BIT 2>/dev/null || echo 64)" = 32 ]; then
        machine="$machine (32-bit)"
      fi
      ;;
    Darwin)
      vendor=apple-darwin
      # A shell that is translated is told that the machine is an Intel one.
      if [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || echo 0)" = 1 ]; then
        machine=arm64
      fi
      ;;
    MINGW* | MSYS* | CYGWIN* | Windows_NT)
      fail "Failed to install zag-ps: this is Windows" 'Use install.ps1 in PowerShell'
      ;;
    *) vendor='' ;;
  esac
  case $machine in
    x86_64 | amd64) triple=x86_64-$vendor ;;
    aarch64 | arm64) triple=aarch64-$vendor ;;
    *) vendor='' ;;
  esac
  [ -n "$vendor" ] || fail \
    "Failed to install zag-ps: there is no program for $system on $machine" \
    'With Node 20 or newer it runs from npm: npx zag-ps'
}

# gnu or musl: what the programs of this machine are linked with.
find_libc() {
  case $(ldd --version 2>&1 || true) in
    *musl*) echo musl ;;
    *GLIBC* | *GNU* | *glibc*) echo gnu ;;
    *)
      for loader in /lib/ld-musl-*; do
        if [ -e "$loader" ] && ! getconf GNU_LIBC_VERSION >/dev/null 2>&1; then
          echo musl
          return
        fi
      done
      echo gnu
      ;;
  esac
}

# Downloads a file of the release into the folder of this run.
download() {
  url=$from/$1
  # An address that begins safe must not lead to one that is not.
  if has curl; then
    case $url in
      https:*) set -- "$1" --proto '=https' --tlsv1.2 ;;
    esac
    name=$1
    shift
    curl "$@" -fsSL --retry 2 -o "$work/$name" "$url" 2>"$work/why" && return
  else
    wget -q -O "$work/$1" "$url" 2>"$work/why" && return
  fi
  why=$(cat "$work/why")
  fail "Failed to download \"$url\"${why:+: $why}" \
    "${version:+Is there a version $version? }Look at $base"
}

sum() {
  if has sha256sum; then
    sha256sum <"$1"
  elif has shasum; then
    shasum -a 256 <"$1"
  else
    openssl dgst -sha256 -r <"$1"
  fi
}

# Compares a file of this run with SHA256SUMS.
verify() {
  expected=''
  while read -r hash name || [ -n "$hash" ]; do
    if [ "${name#\*}" = "$1" ]; then expected=$hash; fi
  done <"$work/SHA256SUMS"
  [ -n "$expected" ] ||
    fail "Failed to verify \"$1\": SHA256SUMS does not name it" \
      'There may be no program for this platform in this version'
  actual=$(sum "$work/$1")
  actual=${actual%% *}
  [ "$actual" = "$expected" ] ||
    fail "Failed to verify \"$1\": its SHA-256 is not that of SHA256SUMS" \
      "expected $expected" "received $actual" \
      'Nothing was installed; try again, and report it if it comes back'
}

install_program() {
  require uname
  require tar
  require gzip
  require mktemp
  has curl || has wget ||
    fail 'Failed to install zag-ps: neither curl nor wget is here' 'Install one of them, and try again'
  has sha256sum || has shasum || has openssl ||
    fail 'Failed to install zag-ps: there is nothing to compute SHA-256 with' \
      'Install sha256sum, shasum or openssl, and try again'
  find_triple
  archive=zag-ps-$triple.tar.gz
  if [ -n "$version" ]; then
    from=$base/download/v$version
  else
    from=$base/latest/download
  fi
  say "This downloads $from/$archive,"
  say 'compares it with SHA256SUMS beside it,'
  say "and puts zag-ps into $dir. Nothing else is changed."

  above=$dir
  while [ ! -d "$above" ]; do above=$(dirname "$above"); done
  mkdir -p "$dir" 2>/dev/null || fail "Failed to make the folder \"$dir\"" 'Choose another one with --dir'
  [ ! -d "$dir/zag-ps" ] || fail "Failed to install zag-ps: \"$dir/zag-ps\" is a folder" 'Choose another folder with --dir'
  [ ! -h "$dir/zag-ps" ] ||
    fail "Failed to install zag-ps: \"$dir/zag-ps\" is a link, which this script has not made" \
      'Uninstall it with what has made it, or choose another folder with --dir'
  # In the same folder, so that the last step is one rename.
  work=$(mktemp -d "$dir/.zag-ps.XXXXXX" 2>/dev/null) ||
    fail "Failed to write to \"$dir\"" 'Choose another folder with --dir'
  download SHA256SUMS
  download "$archive"
  verify "$archive"
  mkdir "$work/archive"
  (gzip -dc "$work/$archive" | (cd "$work/archive" && tar -xf -)) 2>"$work/why" ||
    fail "Failed to unpack \"$archive\": $(cat "$work/why")" 'Try again, and report it if it comes back'
  program=$work/archive/zag-ps
  [ -f "$program" ] || fail "Failed to unpack \"$archive\": there is no zag-ps in it" 'Report it'
  chmod 755 "$program"
  # A program of another machine, or for a newer system, never gets in place.
  started=$("$program" --version 2>&1) ||
    fail "Failed to start zag-ps for $triple here: $started" \
      'With Node 20 or newer it runs from npm: npx zag-ps'
  mv -f "$program" "$dir/zag-ps" ||
    fail "Failed to write \"$dir/zag-ps\"" 'Choose another folder with --dir'
  say "Installed $started: $dir/zag-ps"
  case :${PATH:-}: in
    *:"$dir":*) ;;
    *) say "Add the folder to your PATH: export PATH=\"$dir:\$PATH\"" ;;
  esac
  say 'Completions: zag-ps completion --help'
}

uninstall_program() {
  if [ ! -f "$dir/zag-ps" ] && [ ! -h "$dir/zag-ps" ]; then
    fail "Failed to uninstall zag-ps: there is none in \"$dir\"" 'Name its folder with --dir'
  fi
  # It never makes a link: npm or another installer did, and counts on it.
  [ ! -h "$dir/zag-ps" ] ||
    fail "Failed to uninstall zag-ps: \"$dir/zag-ps\" is a link, which this script has not made" \
      'Uninstall it with what has made it, or remove it by hand'
  say "This removes $dir/zag-ps. The files of zag in ~/.zag stay."
  rm -f "$dir/zag-ps" || fail "Failed to remove \"$dir/zag-ps\""
  say 'Removed'
}

main() {
  version=''
  dir=''
  uninstall=''
  while [ $# -gt 0 ]; do
    case $1 in
      --version=* | --dir=*)
        option=${1%%=*}
        value=${1#*=}
        ;;
      --version | --dir)
        [ $# -gt 1 ] || fail_usage "Option \"$1\" needs a value"
        option=$1
        value=$2
        shift
        ;;
      --uninstall) uninstall=1 option='' ;;
      -h | --help)
        usage
        exit 0
        ;;
      *) fail_usage "Unknown option \"$1\"" ;;
    esac
    shift
    case $option in
      --version)
        version=${value#v}
        case $version in
          '' | *[!0-9A-Za-z.+-]*) fail_usage "There can be no version \"$value\"" ;;
        esac
        ;;
      --dir)
        [ -n "$value" ] || fail_usage 'Option "--dir" needs a value'
        dir=$value
        ;;
    esac
  done
  if [ -z "$dir" ]; then
    [ -n "${HOME:-}" ] || fail_usage 'HOME is not set: name the folder with --dir'
    dir=$HOME/.local/bin
  fi
  # From the root, so that PATH can be compared with it. A shell leaves the
  # tilde of --dir=~/bin as it is.
  case $dir in
    /*) ;;
    \~/*)
      [ -n "${HOME:-}" ] || fail_usage 'HOME is not set: write the folder out'
      dir=$HOME/${dir#\~/}
      ;;
    *) dir=$PWD/$dir ;;
  esac
  if [ ${#dir} -gt 1 ]; then dir=${dir%/}; fi
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  if [ -n "$uninstall" ]; then
    uninstall_program
  else
    install_program
  fi
}

# Called at the end: a script that is cut off on its way does nothing.
main "$@"
