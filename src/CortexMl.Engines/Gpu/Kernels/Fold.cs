namespace CortexMl.Engines.Gpu.Kernels;

/// <summary>Makes expressions: checks types and computes what is known while generating.</summary>
internal static class Fold
{
    public static Expr Binary(BinaryOperator op, Expr left, Expr right)
    {
        bool isShift = op is BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight;
        if (!isShift && left.Type != right.Type)
        {
            if (left is ConstantExpr) left = Convert(left, right.Type);
            else if (right is ConstantExpr) right = Convert(right, left.Type);
            else throw new ArgumentException($"{op} of {left.Type} and {right.Type}");
        }
        if (isShift && right.Type != ScalarType.I32) throw new ArgumentException("a shift by i64");
        bool isComparison = op is BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Equal or BinaryOperator.NotEqual;
        var type = isComparison ? ScalarType.I32 : left.Type;
        if (left is ConstantExpr a && right is ConstantExpr b) return Constant(Compute(op, a.Value, b.Value, left.Type), type);
        return Identity(op, left, right) ?? new BinaryExpr(op, left, right, type);
    }

    public static Expr Select(Expr condition, Expr yes, Expr no)
    {
        if (yes.Type != no.Type) throw new ArgumentException($"a choice of {yes.Type} and {no.Type}");
        return condition is ConstantExpr constant ? constant.Value != 0 ? yes : no : new SelectExpr(condition, yes, no);
    }

    public static Expr Convert(Expr operand, ScalarType type) =>
        operand.Type == type ? operand : operand is ConstantExpr constant ? Constant(constant.Value, type) : new ConvertExpr(operand, type);

    private static ConstantExpr Constant(long value, ScalarType type) => new(type == ScalarType.I32 ? unchecked((int)value) : value, type);

    // x + 0 → x, x - 0 → x, x · 1 → x, x · 0 → 0, x / 1 → x, x % 1 → 0, x << 0 → x, x >> 0 → x, x & -1 → x, x | 0 → x
    private static Expr? Identity(BinaryOperator op, Expr left, Expr right)
    {
        if (left is ConstantExpr && op is BinaryOperator.Add or BinaryOperator.Multiply or BinaryOperator.Or) (left, right) = (right, left);
        if (left is ConstantExpr { Value: 1 } && op == BinaryOperator.And && IsCondition(right)) return right;
        if (right is ConstantExpr { Value: 1 } && op == BinaryOperator.And && IsCondition(left)) return left;
        if (right is not ConstantExpr { Value: var number }) return null;
        return (op, number) switch
        {
            (BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Or or BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight,
                0) => left,
            (BinaryOperator.Multiply or BinaryOperator.Divide, 1) or (BinaryOperator.And, -1) => left,
            (BinaryOperator.Multiply, 0) or (BinaryOperator.Remainder, 1) => Constant(0, left.Type),
            _ => null,
        };
    }

    /// <summary>Whether the value is 0 or 1.</summary>
    private static bool IsCondition(Expr expr) =>
        expr is BinaryExpr b
            && (b.Operator is BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Equal or BinaryOperator.NotEqual
        || (b.Operator == BinaryOperator.And && (IsCondition(b.Left) || IsCondition(b.Right))));

    private static long Compute(BinaryOperator op, long a, long b, ScalarType type) => unchecked(op switch
    {
        BinaryOperator.Add => a + b,
        BinaryOperator.Subtract => a - b,
        BinaryOperator.Multiply => a * b,
        BinaryOperator.Divide => DeviceMath.Divide(a, b),
        BinaryOperator.Remainder => a - (DeviceMath.Divide(a, b) * b),
        BinaryOperator.And => a & b,
        BinaryOperator.Or => a | b,
        BinaryOperator.Xor => a ^ b,
        BinaryOperator.ShiftLeft => type == ScalarType.I32 ? (int)a << (int)b : a << (int)b,
        BinaryOperator.ShiftRight => type == ScalarType.I32 ? (int)a >> (int)b : a >> (int)b,
        BinaryOperator.Min => Math.Min(a, b),
        BinaryOperator.Max => Math.Max(a, b),
        BinaryOperator.Less => a < b ? 1 : 0,
        BinaryOperator.LessOrEqual => a <= b ? 1 : 0,
        BinaryOperator.Equal => a == b ? 1 : 0,
        _ => a != b ? 1 : 0,
    });
}
