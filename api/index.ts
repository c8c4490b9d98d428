export { type Answer, askOnce, type PlatformApi } from "./answer.ts";
export { API_SCHEMA, type ApiDefinition, type MappedApiDefinition } from "./api-definition.ts";
export { documentDriver } from "./document-driver.ts";
export { DRIVER_INPUT_FILE, type DriverProgram } from "./driver/driver-program.ts";
export type { HttpClient, HttpRequest, HttpResult } from "./http/exchange.ts";
export { requestClient } from "./http/request-client.ts";
export { MappedApi } from "./mapped-api.ts";
export { openApi } from "./open-api.ts";
export type { OrderRequest, PlacedOrder, Question, QuestionKind } from "./question.ts";
export {
  type Interest,
  QUOTE_SCHEMA,
  QuoteMessages,
  type StreamQuote,
} from "./stream/quote-messages.ts";
export { type ErrorWord, isErrorWord } from "./words/error-word.ts";
export { isOver, orderStateOf, statesAgree } from "./words/order-state.ts";
export { statusWord, type Vocabulary } from "./words/vocabulary.ts";
