/** Names by which programs find code, and by which interpreters, linkers and tools get options that run some. */
const families: readonly (readonly [names: RegExp, harmless?: RegExp])[] = [
  // Shells and the system: where programs, their settings and their temporary files are.
  [
    /^(?:PATH|PATHEXT|COMSPEC|SHELL|ENV|IFS|PS[0-4]|CDPATH|FPATH|GLOBIGNORE|ZDOTDIR|HOME|USERPROFILE|HOMEDRIVE|HOMEPATH)$/,
  ],
  [
    /^(?:APPDATA|LOCALAPPDATA|PROGRAMDATA|SYSTEMROOT|SYSTEMDRIVE|WINDIR|TMPDIR|TEMP|TMP|PSMODULEPATH|PROMPT_COMMAND)$/,
  ],
  [/^(?:BASH|XDG)(?:_|OPTS$)|^SHELLOPTS$/],
  // Linkers and libraries.
  [/^(?:LD|NIX_LD|DYLD|_RLD|GLIBC|MALLOC|GTK|QT|GST|GIO|SDL|OPENSSL|LIBMYSQL)_|^NIX_LD$/],
  [
    /^(?:GCONV_PATH|LOCPATH|NLSPATH|GETCONF_DIR|TERMINFO|TERMINFO_DIRS|TERMCAP|SSLKEYLOGFILE|ODBCINI|ODBCSYSINI)$/,
  ],
  // Interpreters, their packages and their builds.
  [/^NODE_/, /^NODE_(?:ENV|NAME|HOST|PORT|DEBUG|NO_WARNINGS|CONFIG_ENV|APP_INSTANCE)$/],
  [/^(?:NPM|PNPM|YARN|COREPACK|BUN|DENO|TS_NODE|ELECTRON)_/, /^NPM_TOKEN$/],
  [
    /^PYTHON/,
    /^PYTHON(?:UNBUFFERED|DONTWRITEBYTECODE|IOENCODING|UTF8|HASHSEED|FAULTHANDLER|OPTIMIZE|ASYNCIODEBUG|DEVMODE)$/,
  ],
  [/^(?:PIP|UV|POETRY|PIPENV|VIRTUAL_ENV|CONDA)(?:_|$)/],
  [/^(?:RUBY|PERL|GEM|BUNDLE|RBENV|COMPOSER)(?:_|OPT|LIB|PATH|SHELL|\d|$)/],
  [
    /^(?:_JAVA_OPTIONS|JAVA_(?:TOOL_OPTIONS|OPTS|HOME)|JDK_JAVA_OPTIONS|CLASSPATH|KOTLIN_\w+|(?:MAVEN|GRADLE|SBT|ANT|CATALINA)_\w+)$/,
  ],
  [/^(?:PHPRC|PHP_INI_SCAN_DIR|LUA_\w+|ERL_\w*|ELIXIR_ERL_OPTIONS|R_\w+|JULIA_\w+|GUILE_\w+)$/],
  [
    /^(?:GOFLAGS|GOENV|GOPATH|GOROOT|GOBIN|GOPROXY|GONOSUMDB|GOTOOLCHAIN|CGO_\w+|RUST(?:C|FLAGS|UP)\w*|CARGO_\w+)$/,
  ],
  [/^(?:CC|CXX|CPP|LD|AR|AS|NM|CFLAGS|CXXFLAGS|LDFLAGS|MAKEFLAGS|MFLAGS|GNUMAKEFLAGS)$/],
  [
    /^(?:DOTNET|COMPLUS|CORECLR|COR|NUGET|MSBUILD)_|^ASPNETCORE_HOSTINGSTARTUPASSEMBLIES$/,
    /^DOTNET_(?:ENVIRONMENT|RUNNING_IN_CONTAINER|SYSTEM_GLOBALIZATION_INVARIANT)$/,
  ],
  [/^MIX_/, /^MIX_ENV$/],
  // Tools that start others: git, ssh, editors, pagers, and clients whose settings name a program.
  [/^GIT_/, /^GIT_(?:SHA|COMMIT|COMMIT_SHA|BRANCH|TAG|REF|REVISION|VERSION|HASH)$/],
  [
    /^(?:SSH|SVN|HG|CVS|RSYNC)_\w+|(?:^|_|MAN)(?:EDITOR|VISUAL|PAGER|BROWSER|ASKPASS|RSH|PRELOAD)$|^FCEDIT$|^LESS[A-Z]*$/,
  ],
  [
    /^(?:GREP|TAR)_OPTIONS$|^(?:CURL_HOME|WGETRC|INPUTRC|RIPGREP_CONFIG_PATH|FZF_DEFAULT_COMMAND|PSQLRC|MYSQL_HOME)$/,
  ],
  [
    /^(?:VIM|NVIM|EMACS|IPYTHON|JUPYTER|ANSIBLE|HELM|TF_CLI|COMPOSE|SASL|TCL|LIBGL|OCL)(?:_\w+|[A-Z]+)$|_OPTS$/,
  ],
  // Packages that start a program, or load a library, which a variable names: `ESBUILD_BINARY_PATH`, `PRISMA_QUERY_ENGINE_LIBRARY`.
  [
    /(?:^|_)(?:BIN|BINARY|EXECUTABLE)(?:_(?:PATH|FILE|DIR))?$|_(?:ENGINE|NATIVE)_LIBRARY(?:_PATH)?$|_ALLOW_EXECUTABLES$|^(?:MAGICK|VSCODE)_\w+$/,
  ],
  // Servers that take options of their command from variables.
  [/^(?:GUNICORN_CMD_ARGS|UWSGI_\w+|FLASK_APP)$/],
  [/^(?:EXINIT|MAKEFILES|AWKPATH|AWKLIBPATH|GNUPGHOME|KRB5_CONFIG|LDAPRC|LDAPCONF)$/],
  [/^(?:PGSYSCONFDIR|PGSERVICEFILE|KUBECONFIG|CLOUDSDK_CONFIG|AWS_(?:CONFIG|SHARED_CREDENTIALS)_FILE)$/],
  [/^(?:DOCKER_(?:HOST|CONFIG|CONTEXT|CERT_PATH)|PULUMI_\w+)$/],
];

/**
 * True for a variable by which somebody who can write it may run code of their own in the programs that get it. A family of
 * names counts as a whole, except for those that are known to be harmless: an interpreter gets new options with each version.
 */
export function loadsCode(variable: string): boolean {
  // Windows does not distinguish cases, and neither does npm.
  const name = variable.toUpperCase();
  return families.some(([names, harmless]) => names.test(name) && harmless?.test(name) !== true);
}
