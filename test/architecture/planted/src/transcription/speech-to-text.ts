export abstract class SpeechToText {}
