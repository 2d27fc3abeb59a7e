package dev.weir.cli.lint;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which module may know which, no circle of packages, and native code in one place only. */
class ArchitectureTest {

  /** Package of a module, and those of the modules that it may use. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.of(
          "einsum", Set.of(),
          "mapper", Set.of("einsum"),
          "simulator", Set.of("einsum", "mapper"),
          "opencl", Set.of("einsum", "mapper"),
          "reports", Set.of("einsum", "mapper", "simulator", "opencl"),
          "cli", Set.of("einsum", "mapper", "simulator", "opencl", "reports"));

  private static final ArchRule NO_PACKAGE_CYCLE =
      slices().matching("dev.weir.(**)").should().beFreeOfCycles().allowEmptyShould(true);

  private static final ArchRule NATIVE_CODE_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.weir.opencl.runtime")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.jocl..")
          .because("dev.weir.opencl.runtime is the only native code");

  @Test
  void modulesUseOnlyTheModulesBelowThem() {
    JavaClasses classes = classesOfTheTree();
    moduleRules().forEach(rule -> rule.check(classes));
  }

  @Test
  void packagesFormNoCycle() {
    NO_PACKAGE_CYCLE.check(classesOfTheTree());
  }

  @Test
  void nativeCodeIsInOnePlace() {
    NATIVE_CODE_IN_ONE_PLACE.check(classesOfTheTree());
  }

  @Test
  void classFilesOfAllModulesAreRead() {
    var modules = new TreeSet<String>();
    classesOfTheTree().forEach(type -> modules.add(type.getPackageName().split("\\.", 4)[2]));

    assertThat(modules).containsExactlyInAnyOrderElementsOf(MAY_USE.keySet());
  }

  @Test
  void dependencyAgainstTheDirectionIsCaught(@TempDir Path folder) throws Exception {
    JavaClasses classes =
        compile(
            folder,
            "package dev.weir.einsum.planted; public class Low { dev.weir.mapper.planted.High high;"
                + " }",
            "package dev.weir.mapper.planted; public class High {}");

    assertThatThrownBy(() -> moduleRules().forEach(rule -> rule.check(classes)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("dev.weir.einsum.planted.Low.high");
  }

  @Test
  void packageCycleIsCaught(@TempDir Path folder) throws Exception {
    JavaClasses classes =
        compile(
            folder,
            "package dev.weir.einsum.planted.left; public class Left {"
                + " dev.weir.einsum.planted.right.Right right; }",
            "package dev.weir.einsum.planted.right; public class Right {"
                + " dev.weir.einsum.planted.left.Left left; }");

    assertThatThrownBy(() -> NO_PACKAGE_CYCLE.check(classes))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Cycle detected");
  }

  @Test
  void nativeCodeElsewhereIsCaught(@TempDir Path folder) throws Exception {
    JavaClasses classes =
        compile(
            folder, "package dev.weir.mapper.planted; class Native { org.jocl.cl_mem memory; }");

    assertThatThrownBy(() -> NATIVE_CODE_IN_ONE_PLACE.check(classes))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("org.jocl.cl_mem");
  }

  private static List<ArchRule> moduleRules() {
    var rules = new ArrayList<ArchRule>();
    MAY_USE.forEach(
        (module, allowed) -> {
          var others = new TreeSet<>(MAY_USE.keySet());
          others.removeAll(allowed);
          others.remove(module);
          others.add("bench");
          rules.add(
              noClasses()
                  .that()
                  .resideInAPackage(packages(module))
                  .should()
                  .dependOnClassesThat()
                  .resideInAnyPackage(
                      others.stream().map(ArchitectureTest::packages).toArray(String[]::new))
                  .allowEmptyShould(true));
        });
    return rules;
  }

  private static String packages(String module) {
    return "dev.weir." + module + "..";
  }

  /** Main classes only: tests may borrow from anywhere. */
  private static JavaClasses classesOfTheTree() {
    return new ClassFileImporter()
        .withImportOption(
            location -> !location.contains("/test-classes/") && !location.contains("-tests.jar"))
        .importPackages("dev.weir");
  }

  private static JavaClasses compile(Path folder, String... texts) throws Exception {
    var files = new ArrayList<Path>();
    for (String text : texts) {
      String name = text.replaceAll("(?s).*class (\\w+) .*", "$1");
      files.add(Files.writeString(folder.resolve(name + ".java"), text));
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    var messages = new StringWriter();
    var options =
        List.of("-d", folder.toString(), "-classpath", System.getProperty("java.class.path"));
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      assertThat(
              compiler
                  .getTask(
                      messages,
                      manager,
                      null,
                      options,
                      null,
                      manager.getJavaFileObjectsFromPaths(files))
                  .call())
          .as(messages.toString())
          .isTrue();
    }
    return new ClassFileImporter().importPath(folder);
  }
}
