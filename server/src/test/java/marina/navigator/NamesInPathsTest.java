package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator: its manual has names of the environment in paths, and there they stay as they are written. */
class NamesInPathsTest {
    private static final String YAML =
            """
            server:
              listen: LISTEN
              static: { public_dir: '${PLACE}/site' }
              cgi_scripts: [ { path: /who, script: '${PLACE}/who.sh' } ]
            maintenance: { page: '/sorry-${KIND:-plain}.html' }
            auth: { enabled: true, htpasswd: '${PLACE}/htpasswd', public_paths: [/who, /open/, '*.css'] }
            applications:
            %s
              tenants:
                - { path: /one, framework: node, root: '${PLACE}', public_dir: '${PLACE}/own' }
            """
                    .formatted(NavigatorBed.NODE);

    @TempDir
    private Path base;

    private NavigatorBed bed(String folder) {
        return new NavigatorBed(base)
                .file(folder + "/site/a.css", "here")
                .file(folder + "/site/sorry-plain.html", "sorry")
                .file(folder + "/own/b.css", "own")
                .file(folder + "/htpasswd", "sam:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n")
                .program(folder + "/who.sh", "printf 'Content-Type: text/plain\\n\\nI'\n")
                .navigator(YAML);
    }

    private void answers(String place, String folder) {
        String sam = "Basic " + Base64.getEncoder().encodeToString("sam:test".getBytes(StandardCharsets.UTF_8));
        try (MarinaUnderTest marina = MarinaUnderTest.startFile(base, NavigatorBed.FILE, Map.of("PLACE", place))) {
            assertThat(marina.get("/a.css").body()).isEqualTo("here");
            assertThat(marina.get("/one/b.css").body()).isEqualTo("own");
            assertThat(marina.get("/who").body()).isEqualTo("I");
            assertThat(marina.get("/one/x").statusCode()).isEqualTo(401);
            assertThat(marina.get("/one/x", "Authorization", sam).body())
                    .contains("\"directory\":\"" + base.resolve(folder) + "\"");
        }
    }

    @Test
    void theyMayLeadToAFolderOfTheApplication() {
        bed("elsewhere");
        answers("elsewhere", "elsewhere");
    }

    @Test
    void theyMayBeWholePaths() {
        bed("elsewhere");
        answers(base.resolve("elsewhere").toString(), "elsewhere");
    }

    @Test
    void convertKeepsThem(@TempDir Path other) {
        NavigatorBed bed = bed("elsewhere");
        String own = bed.converted(other);
        // BASE is what a bed's environment has besides; PLACE has no value there, so it is as it is written.
        assertThat(own).contains("$${PLACE}");
        bed.navigator(YAML.replace("${PLACE}", "${BASE:-x}/elsewhere"));
        assertThat(bed.converted(other)).contains("\"${BASE:-x}/elsewhere/htpasswd\"");
    }
}
