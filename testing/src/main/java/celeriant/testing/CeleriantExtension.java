package celeriant.testing;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What {@link CeleriantTest} does: one gateway for each test, made when it is asked for first. */
final class CeleriantExtension implements ParameterResolver, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(CeleriantExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestGateway.class || type == TestDevice.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        TestGateway gateway = context.getStore(NAMESPACE)
                .computeIfAbsent(TestGateway.class, key -> TestGateway.start(org(context)), TestGateway.class);
        return parameter.getParameter().getType() == TestGateway.class ? gateway : gateway.device();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        TestGateway gateway = context.getStore(NAMESPACE).remove(TestGateway.class, TestGateway.class);
        if (gateway != null) {
            gateway.close();
        }
    }

    private static String org(ExtensionContext context) {
        return context.getRequiredTestClass().getAnnotation(CeleriantTest.class).org();
    }
}
