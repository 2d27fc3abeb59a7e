# shellcheck shell=bash
# What Weir needs from the machine: how it is found, installed or named. Sourced by the launcher.
# Written for the bash 3.2 of macOS too: no associative arrays, no mapfile.

readonly EXIT_ENVIRONMENT=3
# shellcheck disable=SC2034 # for the launcher
readonly EXIT_USER_ERROR=2

say() {
  printf 'weir: %s\n' "$*" >&2
}

# Reads the version from the JDK's release file: asking javac would cost every start a JVM.
jdk_version() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\(.*\)"$/\1/p' "$1/release"
}

jdk_of_java_on_path() {
  local java
  java=$(command -v java) || return 0
  java=$(real_path "$java")
  dirname "$(dirname "$java")"
}

find_jdk_25() {
  local folder
  for folder in "${JAVA25_HOME:-}" "${JAVA_HOME:-}" "$(jdk_of_java_on_path)" /usr/lib/jvm/* \
    "${HOME:-/}"/.sdkman/candidates/java/* "${HOME:-/}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/*; do
    [ -n "$folder" ] || continue
    case "$(jdk_version "$folder")" in
      25 | 25.* | 25-*)
        printf '%s\n' "$folder"
        return
        ;;
    esac
  done
}

require_jdk_25() {
  JAVA_HOME=$(find_jdk_25)
  export JAVA_HOME
  [ -z "$JAVA_HOME" ] || return 0
  cat >&2 <<'TEXT'
weir: no JDK 25 found (looked at JAVA25_HOME, JAVA_HOME, java on the PATH, and the usual folders)
  Debian 12   add Eclipse Temurin's apt repository (adoptium.net), then: apt-get install temurin-25-jdk
              or unpack a JDK 25 archive anywhere and set JAVA25_HOME to its folder
  Ubuntu      apt-get install openjdk-25-jdk-headless
  macOS       Temurin's installer, or: brew install openjdk@25, then set JAVA25_HOME to its
              libexec/openjdk.jdk/Contents/Home
It must be a whole JDK of version 25 (with javac); other versions may stay installed beside it.
TEXT
  exit "$EXIT_ENVIRONMENT"
}

find_opencl_loader() {
  find_first_file /usr/lib/*/libOpenCL.so.1 /usr/lib/libOpenCL.so.1 /usr/lib64/libOpenCL.so.1 \
    /usr/local/lib/libOpenCL.so.1 /usr/local/cuda/lib64/libOpenCL.so.1 \
    /System/Library/Frameworks/OpenCL.framework/OpenCL
}

# The variable replaces the system's folder, it does not add to it; it may name one driver instead
# of a folder. Apple's framework is loader and driver in one.
find_opencl_driver() {
  local vendors=${OCL_ICD_VENDORS:-/etc/OpenCL/vendors}
  [ ! -d "$vendors" ] || vendors="$vendors/*.icd"
  find_matching "$vendors" || find_first_file /System/Library/Frameworks/OpenCL.framework
}

find_pocl() {
  local vendors=${OCL_ICD_VENDORS:-/etc/OpenCL/vendors}
  if [ -d "$vendors" ]; then
    find_matching "$vendors/pocl*.icd"
  else
    case "$vendors" in
      *pocl*) find_first_file "$vendors" ;;
      *) return 1 ;;
    esac
  fi
}

# A driver that is installed and that the variable hides.
hidden_opencl_driver() {
  [ -n "${OCL_ICD_VENDORS:-}" ] && ! find_opencl_driver >/dev/null \
    && find_matching '/etc/OpenCL/vendors/*.icd'
}

find_clang() {
  command -v clang-15 || find_first_file /usr/lib/llvm-15/bin/clang-15
}

find_libclc() {
  find_first_file /usr/lib/llvm-15/share/clc/*.bc /usr/lib/clc/*.bc /usr/share/clc/*.bc
}

find_chromium() {
  command -v chromium || command -v chromium-browser || command -v google-chrome \
    || find_first_file '/Applications/Chromium.app/Contents/MacOS/Chromium' \
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
}

find_ptxas() {
  command -v ptxas || find_first_file /usr/local/cuda*/bin/ptxas
}

find_first_file() {
  local file
  for file in "$@"; do
    if [ -e "$file" ]; then
      printf '%s\n' "$file"
      return 0
    fi
  done
  return 1
}

# The first file that a pattern matches; its folder may have spaces in its name.
find_matching() {
  local IFS=
  # shellcheck disable=SC2086 # the pattern is to be expanded
  find_first_file $1
}

missing_opencl_packages() {
  find_opencl_loader >/dev/null || printf 'ocl-icd-libopencl1 '
  find_opencl_driver >/dev/null || hidden_opencl_driver >/dev/null || printf 'pocl-opencl-icd '
}

# The tests run kernels on PoCL and Oclgrind, compile them with clang, and look at reports in Chromium.
missing_test_packages() {
  missing_opencl_packages
  if find_opencl_driver >/dev/null && ! find_pocl >/dev/null; then printf 'pocl-opencl-icd '; fi
  command -v oclgrind >/dev/null || printf 'oclgrind '
  find_clang >/dev/null || printf 'clang-15 '
  find_libclc >/dev/null || printf 'libclc-15 libclc-15-dev '
  find_chromium >/dev/null || printf 'chromium '
}

missing_build_packages() {
  command -v mvn >/dev/null || printf 'maven '
}

can_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

# Installs Debian packages as root. One that this release lacks must not keep the others away, so
# a refused list is tried again package by package; the caller looks at what is still missing.
install_packages() {
  local log="${state:?}/install.log" package
  mkdir -p "$state"
  say "installing $* (log: $log)"
  if { apt_get update && apt_get install "$@"; } >"$log" 2>&1; then return 0; fi
  for package in "$@"; do
    apt_get install "$package" >>"$log" 2>&1 || true
  done
}

apt_get() {
  local command=$1
  shift
  DEBIAN_FRONTEND=noninteractive apt-get "$command" -y -qq -o Acquire::Retries=3 \
    --no-install-recommends "$@" </dev/null
}

name_missing_packages() {
  local packages=${*%" "}
  if can_install && [ -f "$state/install.log" ]; then tail -n 15 "$state/install.log" >&2; fi
  if command -v apt-get >/dev/null; then
    say "missing; run once: sudo apt-get install --no-install-recommends $packages"
  else
    say "missing (named as Debian packages): $packages"
  fi
}

require_maven() {
  # Word splitting is wanted in this file wherever a list of packages is expanded.
  # shellcheck disable=SC2046
  if [ -n "$(missing_build_packages)" ] && can_install; then
    install_packages $(missing_build_packages)
  fi
  [ -n "$(missing_build_packages)" ] || return 0
  name_missing_packages maven
  exit "$EXIT_ENVIRONMENT"
}

# All that a verb which runs kernels lacks, in one line. Without OpenCL it starts nevertheless: the
# program itself says NOT RUN. A failed installation is not tried at every start.
require_for_kernels() {
  local build='' packages given_up="$state/opencl-not-installed"
  build_is_current || build=$(missing_build_packages)
  packages="$build$(missing_opencl_packages)"
  if [ -n "$packages" ] && can_install && { [ -n "$build" ] || [ ! -e "$given_up" ]; }; then
    # shellcheck disable=SC2086
    install_packages $packages
    [ -z "$(missing_opencl_packages)" ] || touch "$given_up"
    [ -z "$build" ] || build=$(missing_build_packages)
    packages="$build$(missing_opencl_packages)"
  fi
  [ -z "$packages" ] || name_missing_packages "$packages"
  [ -z "$build" ] || exit "$EXIT_ENVIRONMENT"
}

# In CI a missing tool is a failure; elsewhere the tests that need it are skipped and say so.
require_test_tools() {
  local packages
  packages="$(missing_build_packages)$(missing_test_packages)"
  [ -n "$packages" ] || return 0
  if can_install; then
    # shellcheck disable=SC2086
    install_packages $packages
    packages="$(missing_build_packages)$(missing_test_packages)"
    [ -n "$packages" ] || return 0
  fi
  name_missing_packages "$packages"
  if [ "${CI:-}" = true ] || [ -n "$(missing_build_packages)" ]; then exit "$EXIT_ENVIRONMENT"; fi
}

doctor_line() {
  local what=$1 path=$2 version=$3
  if [ -n "$path" ]; then
    printf 'found    %-14s %-14s %s\n' "$what" "${version:--}" "$path"
  else
    printf 'missing  %-14s %-14s %s\n' "$what" - "$version"
  fi
}

# The first thing that looks like a version in what a program says about itself.
version_said_by() {
  "$@" 2>/dev/null </dev/null | grep -o -E '[0-9]+\.[0-9.]*[0-9]' | sed -n 1p
}

doctor_program() {
  local what=$1 program=$2 purpose=$3
  if [ -n "$program" ]; then
    doctor_line "$what" "$program" "$(version_said_by "$program" --version || true)"
  else
    doctor_line "$what" '' "$purpose"
  fi
}

weir_doctor_environment() {
  local jdk loader pocl hidden=''
  jdk=$(find_jdk_25)
  export JAVA_HOME="$jdk"
  if [ -n "$jdk" ]; then
    doctor_line 'JDK 25' "$jdk" "$(jdk_version "$jdk")"
  else
    doctor_line 'JDK 25' '' 'needed for everything; ./weir --help says where to get it'
  fi
  doctor_program 'Maven' "$(command -v mvn || true)" 'needed to build'
  loader=$(find_opencl_loader || true)
  doctor_line 'OpenCL loader' "$loader" "$([ -n "$loader" ] || echo 'needed to run kernels')"
  pocl=$(find_pocl || true)
  if [ -z "$pocl" ] && [ -n "$(hidden_opencl_driver || true)" ]; then
    hidden="hidden by OCL_ICD_VENDORS=$OCL_ICD_VENDORS: unset it to use $(hidden_opencl_driver)"
  fi
  doctor_line 'PoCL' "$pocl" "$([ -n "$pocl" ] && package_version pocl-opencl-icd || echo "${hidden:-OpenCL on the processor; tests}")"
  doctor_program 'Oclgrind' "$(command -v oclgrind || true)" 'finds races in kernels; tests'
  doctor_program 'clang-15' "$(find_clang || true)" 'compiles kernels for GPUs; tests'
  doctor_line 'libclc' "$(find_libclc || true)" \
    "$(find_libclc >/dev/null && package_version libclc-15 || echo 'OpenCL built-ins for clang; tests')"
  doctor_program 'Chromium' "$(find_chromium || true)" 'opens the reports; tests'
  doctor_program 'ptxas' "$(find_ptxas || true)" 'registers of kernels on NVIDIA GPUs; optional, never installed by Weir'
}

package_version() {
  command -v dpkg-query >/dev/null || return 0
  # shellcheck disable=SC2016 # the dollar sign belongs to dpkg-query
  dpkg-query -W -f '${Version}' "$1" 2>/dev/null | sed 's/^[0-9]*://; s/[-+].*//' || true
}
