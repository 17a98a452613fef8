const statusOf = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  UNSUPPORTED_MEDIA_TYPE: 415,
  INTERNAL_SERVER_ERROR: 500,
} as const;

export type ErrorCode = keyof typeof statusOf;

/** Error that a procedure returns. Any other exception becomes a 500 with its message, as in Dokploy. */
export class ApiError extends Error {
  readonly status: number;

  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
    this.status = statusOf[code];
  }
}

export const badRequest = (message: string) => new ApiError("BAD_REQUEST", message);
export const notFound = (what: string) => new ApiError("NOT_FOUND", `${what} not found`);
