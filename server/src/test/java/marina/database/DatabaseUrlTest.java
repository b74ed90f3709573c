package marina.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
    private static final Path BASE = Path.of("/srv/base");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sqlite:data/x.db                  | jdbc:sqlite:/srv/base/data/x.db |     |       | sqlite:data/x.db",
                "sqlite3:db/x.sqlite3?mode=ro      | jdbc:sqlite:/srv/base/db/x.sqlite3?mode=ro | | | sqlite:db/x.sqlite3?mode=ro",
                "sqlite:/abs/x.db                  | jdbc:sqlite:/abs/x.db           |     |       | sqlite:/abs/x.db",
                "sqlite3:///abs/x.db               | jdbc:sqlite:/abs/x.db           |     |       | sqlite:/abs/x.db",
                "sqlite::memory:                   | jdbc:sqlite::memory:            |     |       | sqlite::memory:",
                "jdbc:sqlite:x.db                  | jdbc:sqlite:/srv/base/x.db      |     |       | sqlite:x.db",
                "postgres://h/d                    | jdbc:postgresql://h/d           |     |       | postgresql://h/d",
                "postgres://u:p%40%2B+@h:5432/d?ssl=true | jdbc:postgresql://h:5432/d?ssl=true | u | p@++ | postgresql://u:***@h:5432/d?ssl=true",
                "POSTGRESQL://u@[::1]/d            | jdbc:postgresql://[::1]/d       | u   |       | postgresql://u@[::1]/d",
                "postgres:///d                     | jdbc:postgresql://localhost/d   |     |       | postgresql://localhost/d",
                "mysql://a%3Ab:x@h/d?password=y    | jdbc:mysql://h/d?password=y     | a:b | x     | mysql://a:b:***@h/d?password=***",
                "mysql://u@/d?socket=/run/my.sock | jdbc:mysql://localhost/d?localSocket=/run/my.sock | u | | mysql://u@localhost/d?socket=/run/my.sock",
                "postgres://u:a%2Fb@h1,h2:6432/d?sslmode=verify-full | jdbc:postgresql://h1,h2:6432/d?sslmode=verify-full | u | a/b | postgresql://u:***@h1,h2:6432/d?sslmode=verify-full",
                "jdbc:h2:mem:x                     | jdbc:h2:mem:x                   |     |       | jdbc:h2:mem:x",
                "jdbc:postgresql://h/d?user=u&password=p | jdbc:postgresql://h/d?user=u&password=p | | | jdbc:postgresql://h/d?user=u&password=***",
                "jdbc:oracle:thin:u/p@h:1521/s     | jdbc:oracle:thin:u/p@h:1521/s   |     |       | jdbc:oracle:thin:u/***@h:1521/s",
            },
            emptyValue = "")
    void understandsWhatOperatorsWrite(String url, String jdbc, String user, String password, String display) {
        DatabaseUrl parsed = DatabaseUrl.parse(url, BASE);
        assertThat(parsed.jdbcUrl()).isEqualTo(jdbc);
        assertThat(parsed.user()).isEqualTo(user == null ? "" : user);
        assertThat(parsed.password()).isEqualTo(password == null ? "" : password);
        assertThat(parsed).hasToString(display);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mongodb://u:secret@h/d",
                "secret",
                "",
                "postgres:secret",
                "sqlite:",
                "postgres://u:secret%@h/d",
                "postgres://u:secret@%2Frun/d",
                "postgres://u:secret@/d?host=/run"
            })
    void saysWhatIsAllowedAndKeepsSecrets(String url) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url, BASE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write ")
                .hasMessageNotContaining("secret");
    }

    @Test
    void namesTheFileOfSqliteOnly() {
        assertThat(DatabaseUrl.parse("sqlite:data/x.db", BASE).file()).isEqualTo(Path.of("/srv/base/data/x.db"));
        assertThat(DatabaseUrl.parse("postgres://h/d", BASE).file()).isNull();
    }
}
