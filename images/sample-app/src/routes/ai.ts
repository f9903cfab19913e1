/** The AI provider, through its OpenAI-compatible interface. */
import type { Settings } from "../config/settings";
import { HttpError, type Router } from "../http/router";
import type { Metrics } from "../observe/metrics";

/** An error rate above this is worth a warning; as in the alert on errors. */
const MAX_ERROR_RATE = 0.05;

export class AiClient {
    private requests = 0;
    private errors = 0;
    private lastRequest: string | null = null;
    private readonly counter;

    constructor(
        private readonly settings: Settings,
        metrics: Metrics,
    ) {
        this.counter = metrics.counter("ai_requests_total", "Total AI requests", ["agent", "status"]);
    }

    health(): { status: string; lastRequest: string | null; errorRate: number } {
        const errorRate = this.requests === 0 ? 0 : this.errors / this.requests;
        return { status: errorRate > MAX_ERROR_RATE ? "degraded" : "ok", lastRequest: this.lastRequest, errorRate };
    }

    /** @throws when the provider does not answer in time, or says no. */
    async complete(prompt: string): Promise<string> {
        this.requests++;
        this.lastRequest = new Date().toISOString();
        try {
            const answer = await this.request(prompt);
            this.counter.inc({ agent: "general", status: "success" });
            return answer;
        } catch (error) {
            this.errors++;
            this.counter.inc({ agent: "general", status: "error" });
            throw error;
        }
    }

    private async request(prompt: string): Promise<string> {
        const { settings } = this;
        const response = await fetch(`${settings.text("OPENROUTER_BASE_URL")}/chat/completions`, {
            method: "POST",
            headers: {
                authorization: `Bearer ${settings.text("OPENROUTER_API_KEY")}`,
                "content-type": "application/json",
            },
            body: JSON.stringify({
                model: settings.text("DEFAULT_AI_MODEL"),
                temperature: settings.number("AI_TEMPERATURE"),
                max_tokens: settings.number("AI_MAX_TOKENS"),
                messages: [{ role: "user", content: prompt }],
            }),
            signal: AbortSignal.timeout(settings.number("AI_TIMEOUT_MS")),
        });
        if (!response.ok) throw new Error(`the AI provider answered ${response.status}`);
        const { choices } = (await response.json()) as { choices?: { message?: { content?: string } }[] };
        const content = choices?.[0]?.message?.content;
        if (content === undefined) throw new Error("the AI provider's answer holds no message");
        return content;
    }
}

/** `POST /api/ai/chat` `{prompt}`. */
export function addAiRoutes(router: Router, ai: AiClient): void {
    router.add("POST", "/api/ai/chat", async (request) => {
        const { prompt } = ((await request.json()) as { prompt?: unknown } | null) ?? {};
        if (typeof prompt !== "string" || prompt === "") throw new HttpError(422, "VAL_001", '"prompt" must be a text');
        try {
            return { body: { answer: await ai.complete(prompt) } };
        } catch (error) {
            const failure = new HttpError(502, "AI_SERVICE_ERROR", "the AI provider cannot be used now");
            throw Object.assign(failure, { cause: error });
        }
    });
}
