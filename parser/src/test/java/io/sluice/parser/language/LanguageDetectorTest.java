package io.sluice.parser.language;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageDetectorTest {

  private final LanguageDetector detector = new LanguageDetector();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "en | The crawler reads a page and writes it to a file. If the server does not answer, it"
            + " waits for a while and tries again later.",
        "de | Der Hund l\u00e4uft \u00fcber die Stra\u00dfe, weil er seinen Ball verloren hat. Am"
            + " Abend gehen wir zusammen in die Stadt und essen etwas.",
        "fr | Le chat dort sur le canap\u00e9 pendant que la pluie tombe dehors. Nous allons au"
            + " march\u00e9 demain matin pour acheter des l\u00e9gumes.",
        "es | El perro corre por la calle porque ha perdido su pelota. Ma\u00f1ana iremos al"
            + " mercado para comprar verduras y algo de pan.",
        "it | Il gatto dorme sul divano mentre fuori piove. Domani mattina andiamo al mercato per"
            + " comprare verdura e un po' di pane.",
        "pt | O cachorro corre pela rua porque perdeu a sua bola. Amanh\u00e3 vamos ao mercado para"
            + " comprar legumes e um pouco de p\u00e3o.",
        "nl | De hond rent over straat omdat hij zijn bal kwijt is. Morgen gaan we naar de markt om"
            + " groente en wat brood te kopen.",
        "pl | Pies biegnie po ulicy, poniewa\u017c zgubi\u0142 swoj\u0105 pi\u0142k\u0119. Jutro"
            + " p\u00f3jdziemy na targ, \u017ceby kupi\u0107 warzywa i troch\u0119 chleba.",
        "ru | \u0421\u043e\u0431\u0430\u043a\u0430 \u0431\u0435\u0436\u0438\u0442 \u043f\u043e"
            + " \u0443\u043b\u0438\u0446\u0435, \u043f\u043e\u0442\u043e\u043c\u0443"
            + " \u0447\u0442\u043e \u043f\u043e\u0442\u0435\u0440\u044f\u043b\u0430"
            + " \u0441\u0432\u043e\u0439 \u043c\u044f\u0447. \u0417\u0430\u0432\u0442\u0440\u0430"
            + " \u043c\u044b \u043f\u043e\u0439\u0434\u0451\u043c \u043d\u0430"
            + " \u0440\u044b\u043d\u043e\u043a, \u0447\u0442\u043e\u0431\u044b"
            + " \u043a\u0443\u043f\u0438\u0442\u044c \u043e\u0432\u043e\u0449\u0435\u0439 \u0438"
            + " \u0445\u043b\u0435\u0431\u0430.",
        "tr | K\u00f6pek topunu kaybetti\u011fi i\u00e7in sokakta ko\u015fuyor. Yar\u0131n sabah"
            + " sebze ve biraz ekmek almak i\u00e7in pazara gidece\u011fiz.",
        "ja | \u732b\u306f\u96e8\u304c\u964d\u3063\u3066\u3044\u308b\u9593\u30bd\u30d5\u30a1\u3067\u5bdd\u3066\u3044\u307e\u3059\u3002\u660e\u65e5\u306e\u671d\u3001\u79c1\u305f\u3061\u306f\u5e02\u5834\u3078\u91ce\u83dc\u3068\u30d1\u30f3\u3092\u8cb7\u3044\u306b\u884c\u304d\u307e\u3059\u3002",
        "zh | \u5916\u9762\u4e0b\u96e8\u7684\u65f6\u5019\u732b\u5728\u6c99\u53d1\u4e0a\u7761\u89c9\u3002\u660e\u5929\u65e9\u4e0a\u6211\u4eec\u53bb\u5e02\u573a\u4e70\u852c\u83dc\u548c\u4e00\u4e9b\u9762\u5305\u3002"
      })
  void aLanguageIsNamedAsPagesDeclareIt(String tag, String text) {
    assertThat(detector.detect(text)).isEqualTo(tag);
  }

  @Test
  void aTextThatIsShortOrMixedHasNone() {
    assertThat(detector.detect("")).isNull();
    assertThat(detector.detect("Hello world, how are you?")).isNull();
    assertThat(detector.detect("1 2 3 4 5 6 7 8 9 0 ".repeat(50))).isNull();
  }

  @Test
  void theMiddleOfALongTextCounts() {
    String english = "The crawler reads a page and writes it to a file, then goes on. ";
    String german =
        "Der Hund l\u00e4uft \u00fcber die Stra\u00dfe, weil er seinen Ball verloren hat. ";
    assertThat(detector.detect(english.repeat(20) + german.repeat(60) + english.repeat(20)))
        .isEqualTo("de");
  }
}
