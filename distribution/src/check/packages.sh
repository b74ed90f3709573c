#!/bin/sh
# Holds the packages against what they should be; the last step of "mvn package -Prelease".
#   packages.sh FOLDER VERSION DEB    the folder with the packages, the version in their names, the Debian package
set -eu
folder=$1
version=$2
deb=$3
work=$folder/check
rm -rf "$work"
mkdir -p "$work"
cd "$folder"

fail() {
  echo "packages: $*" >&2
  exit 1
}

same() { # what, one list, the other list
  diff "$2" "$3" >"$work/difference" || {
    cat "$work/difference" >&2
    fail "$1"
  }
}

checksums() {
  ls ./*-sbom.cdx.json >/dev/null 2>&1 || fail "the bill of materials is missing: Maven makes it only when it may use the network (no -o)"
  for sum in sha256 sha512; do
    "${sum}sum" --check --strict --quiet ./*.$sum || fail "a $sum is not that of its file"
    for file in ./*.tar.gz ./*.zip "$deb" ./*-sbom.cdx.json; do
      [ -f "$file" ] && [ -f "$file.$sum" ] || fail "$file or its $sum is missing"
    done
  done
}

# Exactly the libraries of the bill of materials, each in one version.
libraries() {
  sed -n 's|.*"purl" *: *"pkg:maven/[^/]*/\([^@]*\)@\([^?"]*\)?\(.*\)type=jar".*|\1-\2 \3|p' ./*-sbom.cdx.json |
    sed 's|^\([^ ]*\) classifier=\([^&]*\)&*$|\1-\2|; s| $||; s|$|.jar|' | grep -v '^marina-' | sort -u >"$work/bill"
  [ -s "$work/bill" ] || fail "the bill of materials names no library"
  find "$work/archive" "$work/deb/usr/share/marina/lib" -name '*.jar' | sed 's|.*/||' |
    grep -v '^marina\(-simulator\)\{0,1\}\.jar$' | sort -u >"$work/packed"
  same "the packages have other libraries (>) than the bill of materials (<)" "$work/bill" "$work/packed"
}

archives() {
  mkdir "$work/archive"
  tar -xzf "marina-$version.tar.gz" -C "$work/archive"
  home=$work/archive/marina-$version
  (cd "$work/archive" && find . -type f | sed 's|^\./||' | sort) >"$work/tar"
  "$JAVA_HOME/bin/jar" tf "marina-$version.zip" | grep -v '/$' | sort >"$work/zip"
  same "the tar.gz (<) and the zip (>) have different files" "$work/tar" "$work/zip"
  starts "$home" "$work/instance"
}

# It begins to serve, says so, answers, and stops.
starts() { # home, base
  mkdir -p "$2/conf" "$2/webapps"
  echo 'listen: "127.0.0.1:0"
contexts: { /: { files: conf } }' >"$2/conf/server.yml"
  (
    unset MARINA_OPTS JAVA_OPTS MARINA_PID MARINA_PROFILE
    export MARINA_HOME="$1" MARINA_BASE="$2" MARINA_ARCHIVE=off MARINA_ADMIN_LISTEN=off
    "$1/bin/marina.sh" check >"$2/said" 2>&1 && "$1/bin/marina.sh" start >>"$2/said" 2>&1 || {
      cat "$2/said" >&2
      fail "$1 does not start"
    }
    "$1/bin/marina.sh" contexts --json >"$2/contexts" || true
    "$1/bin/marina.sh" stop >>"$2/said" 2>&1 || fail "$1 does not stop: $(cat "$2/said")"
    grep -q '"kind":"files"' "$2/contexts" || fail "$1 does not serve: $(cat "$2/contexts")"
  )
}

debian() {
  mkdir "$work/deb"
  if command -v dpkg-deb >/dev/null; then
    dpkg-deb -x "$deb" "$work/deb"
  else
    (cd "$work" && ar x "$deb" && tar -xzf data.tar.gz -C deb)
  fi
  completions=$work/deb/usr/share/bash-completion/completions
  for name in marina marina.sh; do
    bash -c 'source "$1" && complete -p "$2"' bash "$completions/$name" "$name" >/dev/null || fail "bash does not complete $name"
  done
  zsh=$work/deb/usr/share/zsh/vendor-completions/_marina
  [ "$(head -n 1 "$zsh")" = "#compdef marina.sh marina" ] || fail "zsh would not load $zsh"
  ! command -v zsh >/dev/null || zsh -n "$zsh" || fail "zsh cannot read $zsh"
  if command -v systemd-analyze >/dev/null; then
    mkdir "$work/unit"
    sed "s|=/usr/share/marina/bin|=$work/deb/usr/share/marina/bin|; s|^WorkingDirectory=.*|WorkingDirectory=/|" \
      "$work/deb/lib/systemd/system/marina.service" >"$work/unit/marina.service"
    systemd-analyze verify --man=no "$work/unit/marina.service" || fail "systemd cannot use marina.service"
  fi
  starts "$work/deb/usr/share/marina" "$work/deb-instance"
}

checksums
archives
debian
libraries
rm -rf "$work"
echo "packages: checksums, libraries and completions are right; the archive and the Debian package start"
