export class SessionReportReader {}
