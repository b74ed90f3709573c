package marina.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** What answers in a context. */
public sealed interface Content {

    /** The operator's word for this: {@code war}, {@code command}, {@code upstream}, {@code files} or {@code cgi}. */
    String kind();

    /** Calls the case that fits: the exhaustive switch that Java 17 does not have over sealed types. */
    <T> T fold(Cases<T> cases);

    /**
     * One function for each kind.
     *
     * @param <T> what each case yields
     */
    record Cases<T>(
            Function<War, T> war,
            Function<Command, T> command,
            Function<Upstream, T> upstream,
            Function<Files, T> files,
            Function<Cgi, T> cgi) {}

    /**
     * A web application archive or an exploded one.
     *
     * @param archive the {@code .war} file or the folder with {@code WEB-INF/}
     * @param stamp tells one content of the archive from the next, so that a reload notices a replaced file
     * @param isolation in this JVM or in one of its own
     * @param level the Jakarta EE level to host it with
     * @param database its DataSource
     * @param sessions where its sessions are kept
     * @param web what it is told besides its web.xml
     * @param sharedClasses whether its contexts in this JVM share one copy of its classes
     * @param version of several that are served beside each other, with sessions of its own; empty where there is but one
     */
    record War(
            Path archive,
            FileStamp stamp,
            Isolation isolation,
            EeLevel level,
            DatabaseConfig database,
            SessionPlace sessions,
            WebConfig web,
            boolean sharedClasses,
            String version)
            implements Content {

        /** The same in another archive. */
        War in(WarVersion other) {
            return new War(
                    other.archive(),
                    FileStamp.of(other.archive()),
                    isolation,
                    level,
                    database,
                    sessions,
                    web,
                    sharedClasses,
                    other.version());
        }

        @Override
        public String kind() {
            return "war";
        }

        @Override
        public <T> T fold(Cases<T> cases) {
            return cases.war().apply(this);
        }
    }

    /**
     * A process that Marina starts and that speaks HTTP.
     *
     * @param command program and arguments, without a shell
     * @param written the command as the operator wrote it, in quotes and without passwords, for messages; no part of
     *     equality
     * @param directory working directory
     * @param stripPath whether the process sees paths without the context path (then it gets X-Forwarded-Prefix)
     * @param release tells one release of the directory from the next, so that a reload notices a new one
     */
    record Command(List<Template> command, String written, Path directory, boolean stripPath, Release release)
            implements Content {
        /** Copies its list. */
        public Command {
            command = List.copyOf(command);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Command that
                    && command.equals(that.command)
                    && directory.equals(that.directory)
                    && stripPath == that.stripPath
                    && release.equals(that.release);
        }

        @Override
        public int hashCode() {
            return Objects.hash(command, directory, stripPath, release);
        }

        @Override
        public String kind() {
            return "command";
        }

        @Override
        public <T> T fold(Cases<T> cases) {
            return cases.command().apply(this);
        }
    }

    /**
     * A server that somebody else runs. As in nginx: a URL without a path gets the request's path unchanged; a path
     * in the URL, even {@code /}, replaces the context path.
     *
     * @param url scheme http or https, host, port, and a path or none; that of the first member of a pool
     * @param pool several servers instead of one, or {@link PoolConfig#NONE}
     */
    record Upstream(URI url, PoolConfig pool) implements Content {
        /** A single server. */
        public Upstream(URI url) {
            this(url, PoolConfig.NONE);
        }

        @Override
        public String kind() {
            return "upstream";
        }

        @Override
        public <T> T fold(Cases<T> cases) {
            return cases.upstream().apply(this);
        }
    }

    /**
     * A folder whose files are served as they are.
     *
     * @param site the folder, and how its files are served
     */
    record Files(PublicConfig site) implements Content {
        @Override
        public String kind() {
            return "files";
        }

        @Override
        public <T> T fold(Cases<T> cases) {
            return cases.files().apply(this);
        }
    }

    /**
     * A script that answers one request each time it runs (RFC 3875).
     *
     * @param script the program
     * @param directory working directory
     * @param env its variables besides those of the request
     * @param allowedUsers who may run it; none means everybody
     * @param timeout after this long it is ended; zero means no limit
     * @param maxConcurrent how many of it run at once
     * @param reloadConfig a configuration file to load after success, relative to MARINA_BASE; empty for none
     * @param process the account that it runs under
     */
    record Cgi(
            Path script,
            Path directory,
            Map<String, Template> env,
            List<String> allowedUsers,
            Duration timeout,
            int maxConcurrent,
            String reloadConfig,
            ProcessConfig process)
            implements Content {
        /** Copies its collections. */
        public Cgi {
            env = Map.copyOf(env);
            allowedUsers = List.copyOf(allowedUsers);
        }

        @Override
        public String kind() {
            return "cgi";
        }

        @Override
        public <T> T fold(Cases<T> cases) {
            return cases.cgi().apply(this);
        }
    }
}
