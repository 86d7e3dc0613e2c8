using System.Globalization;

namespace CortexMl.Engines.Gpu.Kernels;

/// <summary>Prints expressions as C does, with no more parentheses than needed.</summary>
internal static class ExprText
{
    private const int Lowest = 0, Choice = 1, Primary = 12;

    public static string Print(Expr expr) => Print(expr, Lowest);

    private static string Print(Expr expr, int context)
    {
        int own = Precedence(expr);
        string text = expr switch
        {
            ConstantExpr c => c.Value.ToString(CultureInfo.InvariantCulture) + (c.Type == ScalarType.I64 ? "L" : ""),
            LocalExpr local => local.Name,
            PositionExpr p => p.Position switch { Position.Thread => "thread", Position.Group => "group", _ => "lane" },
            LoadExpr load => $"{load.Array.Name}[{Print(load.Index)}]",
            ConvertExpr convert => $"{Name(convert.Type)}({Print(convert.Operand)})",
            Dot4Expr dot => $"dot4({Print(dot.X)}, {Print(dot.W)}, {Print(dot.Accumulator)})",
            Dot16Expr dot => $"dot16({string.Join(", ", dot.X.Concat(dot.W).Append(dot.Accumulator).Select(operand => Print(operand)))})",
            SelectExpr s => $"{Print(s.Condition, Choice + 1)} ? {Print(s.Yes, Choice + 1)} : {Print(s.No, Choice)}",
            BinaryExpr { Operator: BinaryOperator.Min or BinaryOperator.Max } b =>
                $"{Symbol(b.Operator)}({Print(b.Left)}, {Print(b.Right)})",
            BinaryExpr b => $"{Print(b.Left, own)} {Symbol(b.Operator)} {Print(b.Right, own + 1)}",
            _ => throw new ArgumentException($"no text for {expr.GetType().Name}"),
        };
        return own < context ? $"({text})" : text;
    }

    public static string Name(ScalarType type) => type == ScalarType.I32 ? "int" : "long";

    private static string Symbol(BinaryOperator op) => op switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Remainder => "%",
        BinaryOperator.And => "&",
        BinaryOperator.Or => "|",
        BinaryOperator.Xor => "^",
        BinaryOperator.ShiftLeft => "<<",
        BinaryOperator.ShiftRight => ">>",
        BinaryOperator.Min => "min",
        BinaryOperator.Max => "max",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Equal => "==",
        _ => "!=",
    };

    private static int Precedence(Expr expr) => expr switch
    {
        SelectExpr => Choice,
        BinaryExpr b => b.Operator switch
        {
            BinaryOperator.Or => 3,
            BinaryOperator.Xor => 4,
            BinaryOperator.And => 5,
            BinaryOperator.Equal or BinaryOperator.NotEqual => 6,
            BinaryOperator.Less or BinaryOperator.LessOrEqual => 7,
            BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight => 8,
            BinaryOperator.Add or BinaryOperator.Subtract => 9,
            BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Remainder => 10,
            _ => Primary,
        },
        ConstantExpr { Value: < 0 } => 11,
        _ => Primary,
    };
}
