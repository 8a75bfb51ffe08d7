import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cyclonedx.Version;
import org.cyclonedx.exception.ParseException;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Bom;
import org.cyclonedx.parsers.BomParserFactory;
import org.cyclonedx.parsers.Parser;

/**
 * Feeds documents to cyclonedx-core-java, on which Dependency-Track is built: its schema check, its reader and its writer.
 * Arguments: the output folder and the files. Prints one JSON object for each file.
 */
public final class Feed {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Path feed(Path path, Path folder) throws Exception {
    byte[] bytes = Files.readAllBytes(path);
    Parser parser = BomParserFactory.createParser(bytes);
    Bom bom = parser.parse(bytes);
    Version version = Version.fromVersionString(bom.getSpecVersion());
    if (version == null) throw new IllegalArgumentException("knows no CycloneDX " + bom.getSpecVersion());
    List<ParseException> problems = parser.validate(bytes, version);
    if (!problems.isEmpty()) throw problems.get(0);
    Path target = folder.resolve(path.getFileName() + ".json");
    Files.writeString(target, BomGeneratorFactory.createJson(version, bom).toJsonString());
    return target;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    for (int i = 1; i < arguments.length; i++) {
      ObjectNode line = JSON.createObjectNode().put("file", arguments[i]).put("version", System.getProperty("cyclonedx.version", ""));
      try {
        line.put("accepted", true).put("output", feed(Path.of(arguments[i]), folder).toString());
      } catch (Exception problem) {
        line.put("accepted", false).put("reason", problem.getClass().getSimpleName() + ": " + problem.getMessage());
      }
      System.out.println(JSON.writeValueAsString(line));
    }
  }
}
