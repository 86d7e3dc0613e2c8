using System.Text;

namespace CortexMl.Engines.Gpu.Kernels;

/// <summary>
/// Prints a kernel in a form close to C; equal kernels give equal text.
/// <code>
/// kernel relu(read i8 x[16], write i8 y[16]) threads 16 {
///   int v = x[thread];
///   y[thread] = max(v, 0);
/// }
/// </code>
/// </summary>
internal static class KernelText
{
    private const string Step = "  ";

    public static string Print(DeviceKernel kernel)
    {
        var text = new StringBuilder();
        string launch = kernel.Launch.IsGrouped
            ? $"groups {kernel.Launch.Groups} x {kernel.Launch.Lanes}"
            : $"threads {kernel.Launch.Groups}";
        string buffers = string.Join(", ", kernel.Buffers.Select(b => $"{(b.IsWritten ? "write" : "read")} {Declaration(b)}"));
        text.Append($"kernel {kernel.Name}({buffers}) {launch} {{\n");
        foreach (var shared in kernel.Shared) text.Append($"{Step}shared {Declaration(shared)};\n");
        Print(text, kernel.Body, Step);
        return text.Append("}\n").ToString();
    }

    private static string Declaration(KernelArray array) => $"i{8 * (int)array.Element} {array.Name}[{array.Length}]";

    private static void Print(StringBuilder text, IReadOnlyList<Statement> body, string indent)
    {
        foreach (var statement in body) Print(text, statement, indent);
    }

    private static void Print(StringBuilder text, Statement statement, string indent)
    {
        switch (statement)
        {
            case DeclareStatement s:
                text.Append($"{indent}{ExprText.Name(s.Local.Type)} {s.Local.Name} = {ExprText.Print(s.Value)};\n");
                break;
            case AssignStatement s:
                text.Append($"{indent}{s.Local.Name} = {ExprText.Print(s.Value)};\n");
                break;
            case StoreStatement s:
                text.Append($"{indent}{s.Array.Name}[{ExprText.Print(s.Index)}] = {ExprText.Print(s.Value)};\n");
                break;
            case BarrierStatement:
                text.Append($"{indent}barrier;\n");
                break;
            case IfStatement s:
                text.Append($"{indent}if ({ExprText.Print(s.Condition)}) {{\n");
                Print(text, s.Yes, indent + Step);
                if (s.No.Count > 0)
                {
                    text.Append($"{indent}}} else {{\n");
                    Print(text, s.No, indent + Step);
                }
                text.Append($"{indent}}}\n");
                break;
            case WhileStatement s:
                Block(text, $"while ({ExprText.Print(s.Condition)})", s.Body, indent);
                break;
            case ForStatement s:
                string step = s.Step == 1 ? $"{s.Counter.Name}++" : $"{s.Counter.Name} += {s.Step}";
                Block(text,
                    $"for (int {s.Counter.Name} = {ExprText.Print(s.From)}; {s.Counter.Name} < {ExprText.Print(s.To)}; {step})",
                    s.Body, indent);
                break;
            default:
                throw new ArgumentException($"no text for {statement.GetType().Name}");
        }
    }

    private static void Block(StringBuilder text, string head, IReadOnlyList<Statement> body, string indent)
    {
        text.Append($"{indent}{head} {{\n");
        Print(text, body, indent + Step);
        text.Append($"{indent}}}\n");
    }
}
