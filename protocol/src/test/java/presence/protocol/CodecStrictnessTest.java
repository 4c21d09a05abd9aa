package presence.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.protocol.Frames.message;
import static presence.protocol.Frames.refusal;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every field takes its own type and no other, and nothing is missing that must be there.
class CodecStrictnessTest {
  private static final String JOIN = "{'type':'chat:join','instance':%s}";
  private static final String SINCE =
      "{'type':'chat:join','instance':'i','since':{'epoch':1,'seq':%s}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'hello'}|protocol",
        "{'type':'hello','protocol':null}|protocol",
        "{'type':'hello','protocol':'1'}|protocol",
        "{'type':'hello','protocol':1.0}|protocol",
        "{'type':'hello','protocol':1e0}|protocol",
        "{'type':'hello','protocol':true}|protocol",
        "{'type':'hello','protocol':''}|protocol",
        "{'type':'hello','protocol':[1]}|protocol",
        "{'type':'hello','protocol':2147483648}|protocol",
        "{'type':'hello','protocol':99999999999999999999}|protocol",
        "{'type':'hello','protocol':1,'token':1}|token",
        "{'type':'hello','protocol':1,'token':true}|token",
        "{'type':'hello','protocol':1,'token':['t']}|token",
        "{'type':'hello','protocol':1,'token':{}}|token",
        "{'type':'hello','protocol':1,'key':'k'}|key",
        "{'type':'hello','protocol':1,'key':''}|key",
        "{'type':'hello','protocol':1,'key':[]}|key",
        "{'type':'hello','protocol':1,'key':{}}|publicKey",
        "{'type':'hello','protocol':1,'key':{'publicKey':1}}|publicKey",
        "{'type':'hello','protocol':1,'key':{'publicKey':'k'},'token':'t'}|one proof",
        "{'type':'hello','protocol':1,'key':{'publicKey':'k','attestation':{}}}|attestation",
        "{'type':'hello','protocol':1,'key':{'publicKey':'k','attestation':{'parentKey':'p','signature':'s','expiresAt':-1}}}|expiresAt",
        "{'type':'hello','protocol':1,'key':{'publicKey':'k','attestation':{'parentKey':'p','signature':'s'}}}|expiresAt",
        "{'type':'hello','protocol':1,'resume':{}}|resume.token",
        "{'type':'hello','protocol':1,'resume':'t'}|resume",
        "{'type':'hello','protocol':1,'resume':{'token':'t','instances':{}}}|instances",
        "{'type':'hello','protocol':1,'resume':{'token':'t','instances':''}}|instances",
        "{'type':'hello','protocol':1,'resume':{'token':'t','instances':[null]}}|instances",
        "{'type':'hello','protocol':1,'resume':{'token':'t','instances':[1]}}|instances",
        "{'type':'hello','protocol':1,'resume':{'token':'t','instances':[{'instance':'i','epoch':1}]}}|seq",
        "{'type':'hello','protocol':1,'visible':'true'}|visible",
        "{'type':'hello','protocol':1,'visible':''}|visible",
        "{'type':'hello','protocol':1,'visible':0}|visible",
        "{'type':'hello','protocol':1,'visible':1.0}|visible",
        "{'type':'hello','protocol':1,'location':5}|location",
        "{'type':'hello','protocol':1,'location':false}|location",
        "{'type':'hello','protocol':1,'location':['x']}|location",
        "{'type':'hello','protocol':1,'location':''}|location",
        "{'type':'hello','protocol':1,'displayName':{}}|displayName",
        "{'type':'hello','protocol':1,'device':3}|device",
        "{'type':'authenticate'}|token",
        "{'type':'authenticate','token':null}|token",
        "{'type':'authenticate','token':''}|token",
        "{'type':'location'}|slug",
        "{'type':'location','slug':1}|slug",
        "{'type':'location','visible':'no'}|visible",
        "{'type':'chat:join'}|instance",
        "{'type':'chat:join','instance':'i','roster':'FULL'}|roster",
        "{'type':'chat:join','instance':'i','roster':' full '}|roster",
        "{'type':'chat:join','instance':'i','roster':''}|roster",
        "{'type':'chat:join','instance':'i','roster':0}|roster",
        "{'type':'chat:join','instance':'i','roster':'0'}|roster",
        "{'type':'chat:join','instance':'i','roster':['full']}|roster",
        "{'type':'chat:join','instance':'i','since':[]}|since",
        "{'type':'chat:join','instance':'i','since':''}|since",
        "{'type':'chat:join','instance':'i','since':[1,2]}|since",
        "{'type':'chat:join','instance':'i','since':{}}|epoch",
        "{'type':'chat:leave','instance':''}|instance",
        "{'type':'chat:message','instance':'i','clientMessageId':'c'}|text",
        "{'type':'chat:message','instance':'i','clientMessageId':'c','text':null}|text",
        "{'type':'chat:message','instance':'i','clientMessageId':'c','text':''}|text",
        "{'type':'chat:message','instance':'i','clientMessageId':'c','text':' \\t\\n'}|text",
        "{'type':'chat:message','instance':'i','clientMessageId':'c','text':5}|text",
        "{'type':'chat:message','instance':'i','text':'x'}|clientMessageId",
        "{'type':'chat:message','instance':'i','text':'x','clientMessageId':7}|clientMessageId",
        "{'type':'dm:send','text':'x','clientMessageId':'c'}|to",
        "{'type':'dm:send','to':null,'text':'x','clientMessageId':'c'}|to",
        "{'type':'dm:send','to':'','text':'x','clientMessageId':'c'}|to",
        "{'type':'dm:send','to':5,'text':'x','clientMessageId':'c'}|to",
        "{'type':'dm:send','to':['@ann'],'text':'x','clientMessageId':'c'}|to",
        "{'type':'dm:send','to':'@ann','clientMessageId':'c'}|text",
        "{'type':'dm:send','to':'@ann','text':' ','clientMessageId':'c'}|text",
        "{'type':'dm:send','to':'@ann','text':{},'clientMessageId':'c'}|text",
        "{'type':'dm:send','to':'@ann','text':'x'}|clientMessageId",
        "{'type':'dm:send','to':'@ann','text':'x','clientMessageId':''}|clientMessageId",
        "{'type':'dm:ack'}|ids",
        "{'type':'dm:ack','ids':null}|ids",
        "{'type':'dm:ack','ids':'a'}|ids",
        "{'type':'dm:ack','ids':''}|ids",
        "{'type':'dm:ack','ids':[7]}|ids",
        "{'type':'dm:ack','ids':[null]}|ids",
        "{'type':'dm:ack','ids':['']}|ids",
        "{'type':'roster','instance':'i','limit':0}|limit",
        "{'type':'roster','instance':'i','limit':-1}|limit",
        "{'type':'roster','instance':'i','limit':'5'}|limit",
        "{'type':'roster','instance':'i','limit':5.0}|limit",
        "{'type':'roster','instance':'i','limit':4294967297}|limit",
        "{'type':'roster','instance':'i','limit':''}|limit",
        "{'type':'roster','instance':'i','limit':' '}|limit",
        "{'type':'roster','instance':'i','limit':'\\u0000'}|limit",
        "{'type':'roster','instance':'i','limit':'null'}|limit",
        "{'type':'hello','protocol':1,'visible':' '}|visible",
        "{'type':'hello','protocol':1,'visible':'null'}|visible",
        "{'type':'hello','protocol':1,'key':' '}|key",
        "{'type':'hello','protocol':1,'resume':{'token':'t','instances':' '}}|instances",
        "{'type':'chat:join','instance':'i','roster':' '}|roster",
        "{'type':'chat:join','instance':'i','since':' '}|since",
        "{'type':'chat:join','instance':'i','since':{'epoch':' ','seq':1}}|epoch",
        "{'type':'chat:join','instance':'i','since':{'epoch':'','seq':1}}|epoch",
        "{'type':'watch','users':' '}|users",
        "{'type':'roster','instance':'i','cursor':5}|cursor",
        "{'type':'watch'}|users",
        "{'type':'watch','users':null}|users",
        "{'type':'watch','users':'@ann'}|users",
        "{'type':'watch','users':{}}|users",
        "{'type':'watch','users':''}|users",
        "{'type':'watch','users':[1]}|users",
        "{'type':'watch','users':[true]}|users",
        "{'type':'watch','users':[null]}|users",
        "{'type':'watch','users':['']}|users",
        "{'type':'watch','users':[['@ann']]}|users",
        "{'type':'unwatch','users':[{}]}|users",
        "{'type':'pong','ref':7}|ref",
        "{'type':'bye','ref':[]}|ref",
        "{'type':'bye','ref':{}}|ref"
      })
  void aFieldThatIsMissingOrHasAnotherTypeIsABadMessageThatNamesIt(String frame, String named) {
    ServerMessage.Error error = refusal(frame.replace('\'', '"'));
    assertThat(error.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
    assertThat(error.message()).contains(named);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "9007199254740991"})
  void aSequenceNumberIsAnIntegerBelowTwoToTheFiftyThree(String seq) {
    assertThat(message(SINCE.formatted(seq).replace('\'', '"')))
        .isEqualTo(new ClientMessage.Join("i", null, new Position(1, Long.parseLong(seq)), null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "9007199254740992",
        "9223372036854775807",
        "9223372036854775808",
        "1e3",
        "1.0",
        "0.5",
        "-0.0",
        "1e400",
        "99999999999999999999999999999999",
        "null",
        "'5'",
        "true",
        "[]",
        "{}"
      })
  void anythingElseIsNoSequenceNumber(String seq) {
    ServerMessage.Error error = refusal(SINCE.formatted(seq).replace('\'', '"'));
    assertThat(error.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
    assertThat(error.message()).contains("seq");
  }

  @Test
  void anOptionalFieldThatIsNullIsAbsent() {
    String frame =
        """
        {"type":"hello","protocol":1,"token":null,"key":null,"resume":null,"visible":null,"device":null,"ref":null}
        """;
    assertThat(message(frame))
        .isEqualTo(new ClientMessage.Hello(1, null, null, null, null, null, null, null, null));
  }

  @Test
  void unknownFieldsAreIgnored() {
    assertThat(message("{\"type\":\"bye\",\"__proto__\":{\"x\":1},\"constructor\":null,\"\":[[]]}"))
        .isEqualTo(new ClientMessage.Bye(null));
  }

  @Test
  void namesHaveTheirLongestLengthAndNotOneMore() {
    assertThat(message(JOIN.replace('\'', '"').formatted(quoted(128))))
        .isEqualTo(new ClientMessage.Join("x".repeat(128), null, null, null));
    tooLong(JOIN.formatted(quoted(129)));
    tooLong("{'type':'bye','ref':%s}".formatted(quoted(65)));
    tooLong("{'type':'location','slug':%s}".formatted(quoted(257)));
    tooLong("{'type':'authenticate','token':%s}".formatted(quoted(8_193)));
    tooLong("{'type':'hello','protocol':1,'displayName':%s}".formatted(quoted(65)));
    tooLong("{'type':'hello','protocol':1,'device':%s}".formatted(quoted(65)));
    tooLong("{'type':'hello','protocol':1,'resume':{'token':%s}}".formatted(quoted(257)));
    tooLong("{'type':'hello','protocol':1,'key':{'publicKey':%s}}".formatted(quoted(65)));
    tooLong("{'type':'watch','users':[%s]}".formatted(quoted(129)));
    tooLong("{'type':'roster','instance':'i','cursor':%s}".formatted(quoted(65)));
    tooLong("{'type':'dm:send','to':%s,'text':'x','clientMessageId':'c'}".formatted(quoted(129)));
    tooLong("{'type':'dm:send','to':'@a','text':'x','clientMessageId':%s}".formatted(quoted(65)));
    tooLong(
        "{'type':'dm:send','to':'@a','clientMessageId':'c','text':%s}".formatted(quoted(16_385)));
    tooLong("{'type':'dm:ack','ids':[%s]}".formatted(quoted(65)));
    tooLong(
        "{'type':'chat:message','instance':'i','clientMessageId':'c','text':%s}"
            .formatted(quoted(16_385)));
  }

  @Test
  void listsHaveAtMostAThousandElements() {
    String thousand = String.join(",", java.util.Collections.nCopies(1_000, "'@a'"));
    assertThat(message("{'type':'watch','users':[%s]}".formatted(thousand).replace('\'', '"')))
        .isInstanceOf(ClientMessage.Watch.class);
    tooLong("{'type':'watch','users':[%s,'@a']}".formatted(thousand));
    tooLong("{'type':'dm:ack','ids':[%s,'@a']}".formatted(thousand));
  }

  @Test
  void listsOfAMessageCannotBeChanged() {
    ClientMessage.Watch watch =
        (ClientMessage.Watch) message("{\"type\":\"watch\",\"users\":[\"@a\"]}");
    assertThat(watch.users()).isUnmodifiable().isEqualTo(List.of("@a"));
  }

  private static void tooLong(String frame) {
    assertThat(refusal(frame.replace('\'', '"')).code()).isEqualTo(ErrorCode.TOO_LONG);
  }

  private static String quoted(int length) {
    return "\"" + "x".repeat(length) + "\"";
  }
}
