package marina.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used; holds every problem of every file, sorted. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    /** Made by {@link ConfigLoader}. */
    public ConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
        this.problems = problems.stream().sorted().toList();
    }

    /** All problems, sorted by place. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
