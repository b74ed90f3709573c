package marina.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes the scripts: what the shells need to know comes from the verbs themselves. */
final class CompletionScript {
    private static final List<String> FILES = List.of("FILE", "DIR");

    private final Map<String, CommandSpec> verbs = new TreeMap<>();

    CompletionScript(CommandSpec all) {
        all.subcommands().forEach((name, verb) -> {
            if (!verb.getCommandSpec().usageMessage().hidden()) {
                verbs.put(name, verb.getCommandSpec());
            }
        });
    }

    String bash() {
        return """
                # Completion of marina.sh for bash. Load it with:  source <(bin/marina.sh completion bash)
                # or for all users and shells:  bin/marina.sh completion bash > /etc/bash_completion.d/marina
                _marina() {
                  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb= place=0 i
                  COMPREPLY=()
                  for ((i = 1; i < COMP_CWORD; i++)); do
                    case ${COMP_WORDS[i]} in
                      @WITH_VALUE@) ((i++)) ;;
                      -*) ;;
                      *) if [[ -z $verb ]]; then verb=${COMP_WORDS[i]}; else ((place++)); fi ;;
                    esac
                  done
                  case $prev in
                    @WITH_FILE@) COMPREPLY=($(compgen -f -- "$cur")); return ;;
                    @WITH_PATH@) COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" complete-paths 2>/dev/null)" -- "$cur")); return ;;
                    @WITH_OTHER@) return ;;
                  esac
                  if [[ -z $verb ]]; then
                    COMPREPLY=($(compgen -W "@VERBS@ -c --config" -- "$cur"))
                    return
                  fi
                  if [[ $cur == -* ]]; then
                    case $verb in
                @OPTIONS@
                    esac
                    return
                  fi
                  case $verb:$place in
                    @FILE_PLACES@) COMPREPLY=($(compgen -f -- "$cur")) ;;
                    @PATH_PLACES@) COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" complete-paths 2>/dev/null)" -- "$cur")) ;;
                    help:0) COMPREPLY=($(compgen -W "@VERBS@" -- "$cur")) ;;
                @CHOICES@
                  esac
                }
                complete -o filenames -F _marina marina.sh marina
                """
                .replace("@OPTIONS@", options("      %s) COMPREPLY=($(compgen -W \"%s\" -- \"$cur\")) ;;"))
                .replace("@CHOICES@", choices("    %s) COMPREPLY=($(compgen -W \"%s\" -- \"$cur\")) ;;"))
                .replace("@VERBS@", String.join(" ", verbs.keySet()))
                .replace("complete -o filenames", "complete")
                .transform(this::fill);
    }

    String zsh() {
        return """
                #compdef marina.sh marina
                # Completion of marina.sh for zsh. Load it with:  source <(bin/marina.sh completion zsh)
                # or for good:  bin/marina.sh completion zsh > "${fpath[1]}/_marina"
                _marina() {
                  local verb= i place=0
                  for ((i = 2; i < CURRENT; i++)); do
                    case ${words[i]} in
                      @WITH_VALUE@) ((i++)) ;;
                      -*) ;;
                      *) if [[ -z $verb ]]; then verb=${words[i]}; else ((place++)); fi ;;
                    esac
                  done
                  case ${words[CURRENT-1]} in
                    @WITH_FILE@) _files; return ;;
                    @WITH_PATH@) compadd -- ${(f)"$(${words[1]} complete-paths 2>/dev/null)"}; return ;;
                    @WITH_OTHER@) return ;;
                  esac
                  if [[ -z $verb ]]; then
                    local -a verbs
                    verbs=(
                @DESCRIBED@
                    )
                    _describe -t verbs verb verbs
                    return
                  fi
                  if [[ ${words[CURRENT]} == -* ]]; then
                    case $verb in
                @OPTIONS@
                    esac
                    return
                  fi
                  case $verb:$place in
                    @FILE_PLACES@) _files ;;
                    @PATH_PLACES@) compadd -- ${(f)"$(${words[1]} complete-paths 2>/dev/null)"} ;;
                    help:0) compadd -- @VERBS@ ;;
                @CHOICES@
                  esac
                }
                if [[ ${funcstack[1]} == _marina ]]; then
                  _marina "$@"
                else
                  compdef _marina marina.sh marina
                fi
                """
                .replace("@OPTIONS@", options("      %s) compadd -- %s ;;"))
                .replace("@CHOICES@", choices("    %s) compadd -- %s ;;"))
                .replace("@DESCRIBED@", described())
                .replace("@VERBS@", String.join(" ", verbs.keySet()))
                .transform(this::fill);
    }

    private String fill(String script) {
        return script.replace("@WITH_VALUE@", withValue(label -> true))
                .replace("@WITH_FILE@", withValue(FILES::contains))
                .replace("@WITH_PATH@", withValue("PATH"::equals))
                .replace("@WITH_OTHER@", withValue(label -> !FILES.contains(label) && !label.equals("PATH")))
                .replace("@FILE_PLACES@", places(FILES::contains))
                .replace("@PATH_PLACES@", places("PATH"::equals));
    }

    /** The options of a kind of value, as alternatives of a case; something that nobody writes when there is none. */
    private String withValue(Function<String, Boolean> label) {
        String names = verbs.values().stream()
                .flatMap(verb -> verb.options().stream())
                .filter(option -> option.arity().max() > 0 && label.apply(option.paramLabel()))
                .flatMap(option -> List.of(option.names()).stream())
                .distinct()
                .sorted()
                .collect(Collectors.joining("|"));
        return names.isEmpty() ? "''" : names;
    }

    private String places(Function<String, Boolean> label) {
        List<String> places = new ArrayList<>();
        verbs.forEach((name, verb) -> {
            for (PositionalParamSpec parameter : verb.positionalParameters()) {
                if (label.apply(parameter.paramLabel())) {
                    boolean many = parameter.index().max() > parameter.index().min();
                    places.add(name + ":" + (many ? "*" : parameter.index().min()));
                }
            }
        });
        return places.isEmpty() ? "''" : String.join("|", places);
    }

    private String choices(String form) {
        List<String> lines = new ArrayList<>();
        verbs.forEach((name, verb) -> {
            for (PositionalParamSpec parameter : verb.positionalParameters()) {
                if (parameter.paramLabel().contains("|")) {
                    String words = parameter.paramLabel().replace('|', ' ');
                    lines.add(String.format(form, name + ":" + parameter.index().min(), words));
                }
            }
        });
        return String.join("\n", lines);
    }

    private String options(String form) {
        return verbs.entrySet().stream()
                .map(verb -> String.format(form, verb.getKey(), names(verb.getValue())))
                .collect(Collectors.joining("\n"));
    }

    private static String names(CommandSpec verb) {
        return verb.options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::names)
                .flatMap(names -> List.of(names).stream())
                .sorted()
                .collect(Collectors.joining(" "));
    }

    private String described() {
        return verbs.entrySet().stream()
                .map(verb -> "      '" + verb.getKey() + ":"
                        + String.join(" ", verb.getValue().usageMessage().description())
                                .replace("'", "")
                                .replace(":", "")
                        + "'")
                .collect(Collectors.joining("\n"));
    }
}
