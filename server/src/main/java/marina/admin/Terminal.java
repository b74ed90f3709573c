package marina.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What commands print: results on standard output, reasons on standard error. */
final class Terminal {
    private final PrintWriter out;
    private final PrintWriter err;
    private final @Nullable JsonReport report;
    private final Look look;

    /** What a process prints to by itself. */
    static Terminal ofProcess() {
        return new Terminal(new PrintWriter(System.out, true, UTF_8), new PrintWriter(System.err, true, UTF_8));
    }

    Terminal(PrintWriter out, PrintWriter err) {
        this(out, err, null, new Look(false, false));
    }

    /**
     * What a command prints to.
     *
     * @param report takes it all instead, for {@code --json}; null for people
     */
    Terminal(PrintWriter out, PrintWriter err, @Nullable JsonReport report, Look look) {
        this.look = look;
        this.out = out;
        this.err = err;
        this.report = report;
    }

    void say(String line) {
        if (report != null) {
            report.message(line);
            return;
        }
        print(line);
    }

    void complain(String line) {
        if (report != null) {
            report.problem(line);
            return;
        }
        err.println(line);
        err.flush();
    }

    /** One of many lines that are no words of Marina's; programs get an object for each at once. */
    void line(String text) {
        if (report != null) {
            print(report.line(text));
            return;
        }
        print(text);
    }

    /** A line on standard output, whoever reads it. */
    void print(String line) {
        out.println(line);
        out.flush();
    }

    /** What a program gets, if one asks: then there is nothing more to say to people. */
    boolean json(Object value) {
        if (report != null) {
            report.is(value);
        }
        return report != null;
    }

    /** One of many values. */
    void jsonLine(Object value) {
        if (report != null) {
            print(report.value(value));
        }
    }

    /** Whether a program reads it. */
    boolean isForPrograms() {
        return report != null;
    }

    /** The command is over. */
    void end(boolean succeeded) {
        String line = report == null ? "" : report.end(succeeded);
        if (!line.isEmpty()) {
            print(line);
        }
    }

    /** Whether nobody reads the results any more: the other end of a pipe is gone. */
    boolean isClosed() {
        return out.checkError();
    }

    /** Rows with their columns lined up. */
    void table(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                int width = row.get(i).length();
                if (i == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(i, Math.max(widths.get(i), width));
                }
            }
        }
        rows.forEach(row -> say(line(row, widths)));
    }

    /** Shows on the terminal, if it is one, that long work goes on; until it is closed. */
    Progress progress(String what) {
        return new Progress(err, what, look.moving() && report == null);
    }

    private String line(List<String> row, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            line.append(look.paint(row.get(i)))
                    .append(" ".repeat(widths.get(i) - row.get(i).length() + 2));
        }
        return line.toString().stripTrailing();
    }
}
