package dev.weir.mapper.model.mutants;

import dev.weir.mapper.model.CostModel;
import java.util.Map;

/** Loads the package of the cost model a second time, with some classes replaced. */
final class ModelLoader extends PatchedLoader {

  private static final String PACKAGE = CostModel.class.getPackageName();

  /**
   * @param replaced class files by binary name
   */
  ModelLoader(Map<String, byte[]> replaced) {
    super(name -> name.lastIndexOf('.') == PACKAGE.length() && name.startsWith(PACKAGE), replaced);
  }

  /** Binary name of a class of the package. */
  static String name(String type) {
    return PACKAGE + "." + type;
  }
}
